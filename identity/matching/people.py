"""The linkage's own view of the records: a row per record, a column per role, and the identifiers that may make edges.

Belongs here: picking columns by role, splitting a full name, what the records add to each other. Must not go here:
cleaning (standardise/), what is derived from a name (name_forms.py) or left by the hygiene (contacts.py).
Concept: results must hang on roles and values, never on what a column is called. What a record says and what the others
add to it is found for all of them; what follows from that is made for those alone that are compared.

Makes temporary tables:
  stated      record_no (dense, by record id), record_id, source, one text column per role (null where the role is
              absent), attribute_<name>, generation (1 for a Senior, 2 for a Junior), organisation (the employer where
              nobody is named: such a record is the company's own)
  named       record_no, record_id, given_name, family_name and employer, also where only implied; person_key; said (a
              hash of the record's row in `stated`, null where no model is wanted)
  identifier  identifier_type, value, record_no (null for a device), record_id, is_device; distinct
  person      all of this and what follows from it, of the records that are asked for
"""

from pathlib import Path

import duckdb

from identity.matching import names, nearness
from identity.matching.implied import imply_employers, imply_names
from identity.matching.name_forms import name_forms_sql
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
NICKNAMES = Path(__file__).with_name("nicknames.csv")


def prepare_people(con: duckdb.DuckDBPyConnection, roles: Roles, terms: str | None = None) -> None:
    """Make `stated`, `named`, `name_form` and `identifier` from the tables that the roles name.

    terms: the query of the model's term frequencies, where there is a model. It says how many records have a name, so
        that what is a slip does not change with every record; names that it does not know are counted coarsely.
    """
    _require_columns(con, roles)
    _load_nicknames(con)
    con.execute(names.MACROS + nearness.MACROS)
    con.execute(f"create or replace temp table stated as {_stated_sql(con, roles)}")
    imply_names(con)
    imply_employers(con)
    con.execute(f"create or replace temp table named as {_named_sql(roles)}")
    con.execute(f"create or replace temp table name_form as {name_forms_sql(terms)}")
    con.execute(f"create or replace temp table identifier as {_identifier_sql(roles)}")


def load_people(con: duckdb.DuckDBPyConnection, roles: Roles, of: str | None = None) -> None:
    """Make `person`: all of `stated` and `named`, given_forms (the given name and what it may be short for) and other
    forms of the names; where a model is wanted also emails and phones (lists of those that the hygiene left, with email
    and phone of them), email_domain (null where it is a provider's), own_mailbox (null where it only says the name),
    beyond_name (what the mailbox holds beside the name, null where it does not hold the name).

    of: a query of the record_no that are wanted; by default all.
    """
    # gathered first: a join of wide rows that are few among many would build its table of the wide ones
    gathered = ("stated", "named", "contact", "several") if roles.probabilistic else ("stated", "named")
    for table in gathered if of else ():
        con.execute(f"create or replace temp table asked_{table} as from {table} semi join ({of}) using (record_no)")
    con.execute(f"create or replace temp table person as {_person_sql(roles, 'asked_' if of else '')}")
    for table in gathered if of else ():
        con.execute(f"drop table asked_{table}")


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


def _stated_sql(con: duckdb.DuckDBPyConnection, roles: Roles) -> str:
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
        numbered as (
            -- apart from the rest of the row, since sorting whole rows costs as much as all else here
            select record_id, (row_number() over (order by record_id) - 1)::integer as record_no
            from (select {roles.unique_id}::varchar as record_id from {roles.records})
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
            record_no,
            named.* exclude (names_a_person) replace (case when names_a_person then employer end as employer),
            case when not names_a_person then employer end as organisation
        from (
            select *, coalesce(given_name, family_name, full_name, email, birth_date) is not null as names_a_person
            from named
        ) as named
        join numbered using (record_id)
    """


def _named_sql(roles: Roles) -> str:
    said = "hash(*columns(stated.* exclude (record_no)))" if roles.probabilistic else "null::ubigint"
    return f"""
        with filled as (
            select
                record_no,
                record_id,
                coalesce(stated.given_name, implied.given_name) as given_name,
                coalesce(stated.family_name, implied.family_name) as family_name,
                coalesce(stated.employer, implied_employer.employer) as employer,
                {said} as said
            from stated
            left join implied_name as implied using (record_no)
            left join implied_employer on split_part(stated.email, '@', 2) = implied_employer.email_domain
        )
        select filled.*, left(coalesce(nickname.forms[1], given_name), 3) as person_key
        from filled
        left join nickname on given_name = nickname.name
    """


def _person_sql(roles: Roles, prefix: str) -> str:
    contacts = f"""
        contact.* exclude (record_no, identifiers, has_several),
        {", ".join(_listed(kind) for kind in ("email", "phone", *roles.tells_apart))},
        case when provider.email_domain is null then split_part(contact.email, '@', 2) end as email_domain,
        mailbox_letters(contact.email) as mailbox
    """
    of_mailbox = """
        case
            when not mailbox_says_name(mailbox, given_name, family_name, given_letters, family_letters)
                then split_part(email, '@', 1)
        end as own_mailbox,
        mailbox_beyond_name(mailbox, given_letters, family_letters) as beyond_name
    """
    settled = f"""
        left join {prefix}contact as contact using (record_no)
        left join {prefix}several as several using (record_no)
        left join provider on split_part(contact.email, '@', 2) = provider.email_domain
    """
    joined = f"""
        select
            stated.* exclude (given_name, family_name, employer, email, phone),
            named.given_name,
            named.family_name,
            named.employer,
            string_split(organisation, ' ') as organisation_words,
            given.given_forms,
            named.person_key,
            given.fold as given_fold,
            family.fold as family_fold,
            given.sound as given_sound,
            family.sound as family_sound,
            given.letters as given_letters,
            family.letters as family_letters,
            named.given_name as given_copy,
            named.family_name as family_copy,
            family.parts as family_parts,
            case
                when street is not null
                    then list_distinct(
                        string_split(concat_ws(' ', house_number, street, city, lower(postal_code)), ' ')
                    )
            end as address_words,
            given.given_count,
            family.family_count,
            {contacts if roles.probabilistic else "stated.email, stated.phone"}
        from {prefix}stated as stated
        join {prefix}named as named using (record_no)
        left join name_form as given on named.given_name = given.name
        left join name_form as family on named.family_name = family.name
        {settled if roles.probabilistic else ""}
    """
    # a step of its own, so that what a mailbox and a name are in letters is found once for all that is made of it
    return f"""
        select * exclude (given_letters, family_letters{", mailbox" if roles.probabilistic else ""})
            {f", {of_mailbox}" if roles.probabilistic else ""}
        from ({joined})
    """


def _listed(kind: str) -> str:
    return f"coalesce({kind}s, case when contact.{kind} is not null then [contact.{kind}] end) as {kind}s"


def _text(column: str | None) -> str:
    """A role's value as text; the empty string is no value."""
    return f"nullif(trim({column}::varchar), '')" if column else "null::varchar"


def _identifier_sql(roles: Roles) -> str:
    """What a record states, and what its identifiers say beyond that."""
    own = ("email", "phone", "national_id")
    parts = [
        f"select '{role}', {role}, record_no, record_id, false from stated where {role} is not null" for role in own
    ]
    if roles.identifiers:
        stated = " ".join(f"when '{role}' then stated.{role}" for role in own)
        parts.append(f"""
            select identifier_type, value, record_no, record_id, record_no is null
            from (
                select distinct identifier_type, identifier_value_std as value, record_id
                from {roles.identifiers}
                where identifier_value_std is not null
            )
            left join stated using (record_id)
            where value is distinct from case identifier_type {stated} end
        """)
    return f"""
        select *
        from ({" union all ".join(parts)}) as every (identifier_type, value, record_no, record_id, is_device)
    """
