"""The linkage's own view of the records: a row per record, a column per role, and the identifiers that may make edges.

Belongs here: picking columns by role, splitting a full name, short forms. Must not go here: cleaning (standardise/).
Concept: results must hang on roles and values, never on what a column is called.

Makes temporary tables:
  person      record_no (dense, by record id), record_id, source, one text column per role (null where the role is
              absent), attribute_<name>, generation (1 for a Senior, 2 for a Junior), given_forms (the given name and
              what it may be short for), person_key, organisation (the employer where nobody is named: such a record is
              the company's own)
  identifier  identifier_type, value, record_no (null for a device), record_id, is_device; distinct
"""

from pathlib import Path

import duckdb

from identity.matching import names, nearness
from identity.matching.implied import imply_employers, imply_names
from identity.matching.name_forms import named_sql
from identity.roles import ROLES, Roles
from warehouse.errors import CdpError
from warehouse.tables import columns_of

# What forms and till clerks put where a given name belongs.
NOT_GIVEN_NAMES = (
    "familie",
    "family",
    "fam",
    "the",
    "firma",
    "company",
    "team",
    "info",
    "office",
    "mr",
    "mrs",
    "ms",
    "dr",
    "herr",
    "frau",
)
# A domain with this many mailboxes is a provider's: sharing it says nothing about an employer.
PROVIDER_MAILBOXES, PROVIDER_SHARE = 30, 0.003
NICKNAMES = Path(__file__).with_name("nicknames.csv")


def prepare_people(con: duckdb.DuckDBPyConnection, roles: Roles, terms: str | None = None) -> None:
    """Make `person` and `identifier` from the tables that the roles name.

    terms: the query of the model's term frequencies, where there is a model. It says how many records have a name, so
        that what is a slip does not change with every record; names that it does not know are counted coarsely.
    """
    _require_columns(con, roles)
    _load_nicknames(con)
    con.execute(names.MACROS + nearness.MACROS)
    con.execute(f"create or replace temp table person as {_person_sql(con, roles)}")
    imply_names(con)
    imply_employers(con)
    con.execute(f"create or replace temp table person as {named_sql(terms)}")
    con.execute(f"create or replace temp table identifier as {_identifier_sql(roles)}")


def finish_people(con: duckdb.DuckDBPyConnection) -> None:
    """Take the identifiers that the hygiene cut out of `person`, and add lists of those that are left;
    email_domain is null where it is a provider's, own_mailbox where the mailbox only says the name again; beyond_name
    is what the mailbox holds beside the name, null where it does not hold the name."""
    con.execute("""
        create or replace temp table person as
        with counted as (
            select
                record_no,
                min(value) filter (where identifier_type = 'email') as email,
                min(value) filter (where identifier_type = 'phone') as phone,
                count(*) filter (where identifier_type = 'email') > 1
                    or count(*) filter (where identifier_type = 'phone') > 1 as has_several
            from identifier
            where not is_device
            group by record_no
        ),
        several as (
            -- lists that are made of rows do not leave memory: only for the few that need them
            select
                record_no,
                list(value order by value) filter (where identifier_type = 'email') as emails,
                list(value order by value) filter (where identifier_type = 'phone') as phones
            from identifier
            where not is_device and record_no in (select record_no from counted where has_several)
            group by record_no
        ),
        held as (
            select
                record_no,
                coalesce(emails, case when email is not null then [email] end) as emails,
                coalesce(phones, case when phone is not null then [phone] end) as phones
            from counted
            left join several using (record_no)
        )
        select
            person.* replace (
                case when list_contains(emails, email) then email else emails[1] end as email,
                case when list_contains(phones, phone) then phone else phones[1] end as phone
            ),
            emails,
            phones
        from person
        left join held using (record_no)
    """)
    con.execute(f"""
        create or replace temp table person as
        with domains as (
            select split_part(email, '@', 2) as email_domain, count(distinct email) as mailboxes_count
            from person
            where email is not null
            group by 1
        ),
        employers as (
            select email_domain
            from domains
            where mailboxes_count < greatest({PROVIDER_MAILBOXES}, {PROVIDER_SHARE} * (select count(*) from person))
        )
        select
            person.*,
            employers.email_domain,
            case when not mailbox_says_name(email, given_name, family_name) then split_part(email, '@', 1) end
                as own_mailbox,
            mailbox_beyond_name(email, given_name, family_name) as beyond_name
        from person
        left join employers on split_part(person.email, '@', 2) = employers.email_domain
    """)


def _require_columns(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    present = columns_of(con, roles.records)
    wanted = [
        roles.unique_id,
        *roles.roles.values(),
        *roles.attributes.values(),
        *([roles.source] if roles.source else []),
    ]
    if missing := [column for column in wanted if column not in present]:
        raise CdpError(
            f"{roles.records} lacks columns that the roles name: {', '.join(missing)}",
            remedy=f"It has: {', '.join(present)}. Correct the roles, or the table.",
        )


def _load_nicknames(con: duckdb.DuckDBPyConnection) -> None:
    """Short forms and what they may stand for; a name may stand for several ("alex")."""
    path = str(NICKNAMES).replace("'", "''")
    con.execute(
        "create or replace temp table nickname as select name, list(distinct canonical order by canonical) as forms "
        f"from read_csv('{path}', header = true, auto_detect = false, delim = ',', "
        "columns = {'name': 'varchar', 'canonical': 'varchar'}) group by name"
    )


def _person_sql(con: duckdb.DuckDBPyConnection, roles: Roles) -> str:
    picked = ", ".join(f"{_text(roles.roles.get(role))} as {role}" for role in ROLES)
    attributes = "".join(f", {_text(column)} as attribute_{name}" for name, column in roles.attributes.items())
    source = f"{roles.source}::varchar" if roles.source else "''"
    return f"""
        with picked as (
            select {roles.unique_id}::varchar as record_id, {source} as source, {picked}{attributes}
            from {roles.records}
        ),
        generations as (
            select
                * exclude (words) replace (
                    without_generation(given_name) as given_name,
                    without_generation(family_name) as family_name,
                    case when generation_of(middle_name) is null then middle_name end as middle_name,
                    case when len(words) > 2 then without_generation(full_name) else full_name end as full_name
                ),
                coalesce(
                    generation_of(generation_word(family_name)),
                    generation_of(generation_word(given_name)),
                    generation_of(middle_name),
                    case when len(words) > 2 then generation_of(generation_word(full_name)) end
                ) as generation
            from (select *, string_split(full_name, ' ') as words from picked)
        ),
        tokens as (select *, string_split_regex(full_name, '\\s+') as name_parts from generations),
        named as (
            select
                * exclude (name_parts) replace (
                    coalesce(
                        case when given_name not in {NOT_GIVEN_NAMES} then given_name end,
                        case when family_name is null and len(name_parts) > 1 then name_parts[1] end
                    ) as given_name,
                    coalesce(
                        family_name, case when given_name is null and len(name_parts) > 1 then name_parts[-1] end
                    ) as family_name
                )
            from tokens
        )
        select
            (row_number() over (order by record_id) - 1)::integer as record_no,
            named.* exclude (names_a_person) replace (case when names_a_person then employer end as employer),
            case when not names_a_person then employer end as organisation,
            string_split(organisation, ' ') as organisation_words
        from (
            select *, coalesce(given_name, family_name, full_name, email, birth_date) is not null as names_a_person
            from named
        ) as named
    """


def _text(column: str | None) -> str:
    """A role's value as text; the empty string is no value."""
    return f"nullif(trim({column}::varchar), '')" if column else "null::varchar"


def _identifier_sql(roles: Roles) -> str:
    own = " union ".join(
        f"select '{role}' as identifier_type, {role} as value, record_id from person where {role} is not null"
        for role in ("email", "phone", "national_id")
    )
    given = f"""
        union
        select identifier_type, identifier_value_std, record_id
        from {roles.identifiers}
        where identifier_value_std is not null
    """  # the union drops what the record and the identifiers both say
    return f"""
        with every as ({own} {given if roles.identifiers else ""})
        select
            every.identifier_type, every.value, person.record_no, every.record_id,
            person.record_no is null as is_device
        from every
        left join person using (record_id)
    """
