"""The contact points of each record that the hygiene left, and what they say about employers.

Belongs here: picking one e-mail and one phone of several, and the mail providers. Must not go here: what is cut
(hygiene.py), how contact points are compared (comparisons.py).
Concept: a record's own e-mail goes before those that its identifiers list, but not where it was cut.

Makes temporary tables:
  several   record_no, emails, phones and whatever else tells people apart: sorted lists, of the few records that have
            several of any
  contact   record_no, email, phone, one of each that tells people apart, identifiers (a hash of all that the record
            has); of records with an identifier
  provider  email_domain: those where so many have a mailbox that it is nobody's employer
"""

from collections.abc import Iterable

import duckdb

# A domain with this many mailboxes is a provider's: sharing it says nothing about an employer.
PROVIDER_MAILBOXES, PROVIDER_SHARE = 30, 0.003


def settle_contacts(con: duckdb.DuckDBPyConnection, tells_apart: Iterable[str]) -> None:
    """Make the tables named above from `identifier`, once the hygiene is done, and `stated`."""
    # lists that are made of rows do not leave memory: only for the few that need them
    kinds = ("email", "phone", *tells_apart)
    con.execute(f"""
        create or replace temp table several as
        with owners as (
            select distinct record_no
            from identifier
            where identifier_type in {kinds} and not is_device
            group by record_no, identifier_type
            having count(*) > 1
        )
        select
            record_no,
            {_of_each(kinds, "list(value order by value)", "s")}
        from identifier
        semi join owners using (record_no)
        group by record_no
    """)
    con.execute(f"""
        create or replace temp table contact as
        with counted as (
            -- a sum, since lists of all records' identifiers would have to fit into memory at once
            select
                record_no,
                {_of_each(kinds, "any_value(value)")},
                hash(sum(hash(identifier_type, value, people_count)::hugeint)) as identifiers
            from identifier
            where not is_device
            group by record_no
        ),
        own as (
            select
                record_no,
                case when list_contains(emails, email) then email else emails[1] end as email,
                case when list_contains(phones, phone) then phone else phones[1] end as phone
            from several
            join stated using (record_no)
        )
        select
            record_no,
            coalesce(own.email, counted.email) as email,
            coalesce(own.phone, counted.phone) as phone,
            counted.* exclude (record_no, email, phone)
        from counted
        left join own using (record_no)
    """)
    con.execute(f"""
        create or replace temp table provider as
        select split_part(email, '@', 2) as email_domain
        from contact
        where email is not null
        group by 1
        having count(distinct email) >= greatest({PROVIDER_MAILBOXES}, {PROVIDER_SHARE} * (select count(*) from stated))
    """)


def _of_each(kinds: Iterable[str], aggregate: str, ending: str = "") -> str:
    return ", ".join(f"{aggregate} filter (where identifier_type = '{kind}') as {kind}{ending}" for kind in kinds)
