"""Which records of companies are one account.

Belongs here: the evidence between two records of companies, and its caps. Must not go here: who works there
(int_account_customers), the linkage (clustering.py).
Concept: a domain is a company's own name for itself; a written name is shared by strangers. So a domain joins whatever
the names say, and a name joins only where nothing says that there are two companies of that name. Where a record has no
domain, the mailboxes of its people tell which of them it is.

Makes temporary tables, from conformed.int_accounts, int_account_members and the mailboxes of its people:
  group_node  member_id (an account record), since_at (since when it is known), stands_alone (it is a group by
              itself)
  group_edge  as evidence.py says
  group_value kind, value, member_id: what is capped
  group_cut   kind, value, members_count, cap, reason
"""

import duckdb

from identity.groups.evidence import Rule, make_edges
from identity.matching.contacts import PROVIDER_MAILBOXES, PROVIDER_SHARE

# Providers that are one wherever they are met; others are found by their mailboxes (people.PROVIDER_MAILBOXES).
FREE_MAIL = (
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "msn.com", "aol.com"),
    *("yahoo.com", "yahoo.co.uk", "yahoo.de", "icloud.com", "me.com", "mail.com", "proton.me", "protonmail.com"),
    *("gmx.de", "gmx.net", "web.de", "t-online.de", "freenet.de", "btinternet.com", "comcast.net", "att.net"),
)
# Differently named companies on one domain: a second and a third are its brands, a fourth says that it is a provider's.
DOMAIN_NAMES_CAP = 3
# Records of one name or domain: beyond this it is a trade, a placeholder or a test, and its pairs would explode.
RECORDS_CAP = 200
# Below the cut of the linkage (roles.CUT_WEIGHT): kept to be seen, and joins nothing by itself.
WEAK_WEIGHT = 0.5
RULES = (
    Rule("same_domain_and_name", "is_one_domain and is_stated and is_one_name", 20.0),
    Rule("same_domain", "is_one_domain and is_stated", 10.0),
    Rule("same_mailboxes_and_name", "is_one_domain and is_one_name", 10.0),
    Rule("same_mailboxes", "is_one_domain", WEAK_WEIGHT),
    Rule("same_name_other_country", "is_other_country", WEAK_WEIGHT, "countries differ"),
    Rule("same_name_other_domain", "is_other_domain", WEAK_WEIGHT),
    Rule("same_name", "is_only_bearer", 5.0),
    Rule("same_name_of_several", "true", WEAK_WEIGHT),
)


def find_account_edges(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables named above."""
    con.execute("""
        create or replace temp table group_node as
        select account_record_id as member_id, coalesce(created_at, updated_at) as since_at, true as stands_alone
        from conformed.int_accounts
    """)
    con.execute("""
        create or replace temp table group_value as
        select 'domain' as kind, domain_std as value, account_record_id as member_id from conformed.int_accounts
        union all
        select 'name', name_std, account_record_id from conformed.int_accounts
    """)
    con.execute(f"create or replace temp table group_cut as {_cut_sql()}")
    con.execute(f"create or replace temp table company as {_companies_sql()}")
    con.execute(f"create or replace temp table compared_pair as {_compared_sql()}")
    make_edges(con, RULES)


def _cut_sql() -> str:
    """Domains and names that belong to no company in particular; a provider is known by the mailboxes of people."""
    return f"""
        with companies as (
            select domain_std as domain, count(*) as members_count, count(distinct name_std) as names_count
            from conformed.int_accounts
            where domain_std is not null
            group by domain_std
        ),
        private_mailboxes as (
            select split_part(email_std, '@', 2) as domain, count(distinct email_std) as mailboxes_count
            from conformed.int_records
            where email_std is not null and company_name_std is null
                and record_id not in (select record_id from conformed.int_account_members)
            group by 1
        ),
        providers as (
            select domain
            from private_mailboxes
            where mailboxes_count >= greatest(
                {PROVIDER_MAILBOXES}, {PROVIDER_SHARE} * (select count(*) from conformed.int_records)
            )
            union
            select unnest({list(FREE_MAIL)})
        )
        select 'domain' as kind, domain as value, members_count, 0 as cap, 'a provider of mailboxes' as reason
        from companies
        semi join providers using (domain)
        union all
        select 'domain', domain, names_count, {DOMAIN_NAMES_CAP}, 'too many names'
        from companies
        anti join providers using (domain)
        where names_count > {DOMAIN_NAMES_CAP}
        union all
        select 'domain', domain, members_count, {RECORDS_CAP}, 'too many records'
        from companies
        anti join providers using (domain)
        where names_count <= {DOMAIN_NAMES_CAP} and members_count > {RECORDS_CAP}
        union all
        select 'name', name_std, count(*), {RECORDS_CAP}, 'too many records'
        from conformed.int_accounts
        where name_std is not null
        group by name_std
        having count(*) > {RECORDS_CAP}
    """


def _companies_sql() -> str:
    """A record without a domain has that of the company which most of its people write from, if one leads."""
    return """
        with domains as (
            select distinct domain_std as domain
            from conformed.int_accounts
            where domain_std not in (select value from group_cut where kind = 'domain')
        ),
        mailboxes as (
            select distinct map.customer_id, split_part(identifier_value_std, '@', 2) as domain
            from conformed.int_identifiers
            join identity.identity_map as map using (record_id)
            where identifier_type = 'email' and not map.is_device
        ),
        written_from as (
            select account_record_id, domain, count(distinct customer_id) as people_count
            from conformed.int_account_members as members
            join identity.identity_map as map using (record_id)
            join mailboxes using (customer_id)
            semi join domains using (domain)
            group by all
        ),
        led as (
            select account_record_id, max_by(domain, people_count) as domain
            from written_from
            group by account_record_id
            having count(*) = 1 or max(people_count) > list_sort(list(people_count), 'desc')[2]
        )
        select
            accounts.account_record_id as member_id,
            accounts.country_std as country,
            coalesce(stated.domain, led.domain) as domain,
            stated.domain is not null as is_stated,
            case when name_std not in (select value from group_cut where kind = 'name') then name_std end as name
        from conformed.int_accounts as accounts
        left join domains as stated on accounts.domain_std = stated.domain
        left join led on accounts.account_record_id = led.account_record_id
    """


def _compared_sql() -> str:
    return """
        with bearers as (  -- how many companies of one name there are, as far as domains and countries tell
            select name, count(distinct domain) as domains_count, count(distinct country) as countries_count
            from company
            group by name
        ),
        local_bearers as (
            select name, country, count(distinct domain) as domains_count from company group by all
        ),
        pairs as (
            select l.member_id as member_l, r.member_id as member_r
            from company as l join company as r on l.domain = r.domain and l.member_id < r.member_id
            union
            select l.member_id, r.member_id
            from company as l join company as r on l.name = r.name and l.member_id < r.member_id
        )
        select
            member_l,
            member_r,
            coalesce(l.domain = r.domain, false) as is_one_domain,
            l.is_stated and r.is_stated as is_stated,
            coalesce(l.domain <> r.domain, false) as is_other_domain,
            coalesce(l.name = r.name, false) as is_one_name,
            coalesce(l.country <> r.country, false) as is_other_country,
            case
                when l.country = r.country then local_bearers.domains_count <= 1
                else bearers.domains_count <= 1 and bearers.countries_count <= 1
            end as is_only_bearer
        from pairs
        join company as l on member_l = l.member_id
        join company as r on member_r = r.member_id
        left join bearers on l.name = bearers.name
        left join local_bearers on l.name = local_bearers.name and l.country = local_bearers.country
    """
