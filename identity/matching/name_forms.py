"""Names as they are compared: folded, sounded out, with what they may stand for and how many records hold them.

Belongs here: what is derived from a name, once for each name and not for each record. Must not go here: how two names
relate (names.py), names that are not written but implied (implied.py).
"""

from identity.matching.model import NO_TERMS


def named_sql(terms: str | None) -> str:
    """Names implied by the mailbox where there are none, and what the comparison of names needs."""
    return f"""
        with known as ({terms or NO_TERMS}),
        filled as (
            select
                person.* replace (
                    coalesce(person.given_name, implied.given_name) as given_name,
                    coalesce(person.family_name, implied.family_name) as family_name,
                    coalesce(person.employer, implied_employer.employer) as employer
                )
            from person
            left join implied_name as implied using (record_no)
            left join implied_employer on split_part(person.email, '@', 2) = implied_employer.email_domain
        ),
        written as (
            select name, count(*) filter (is_given) as given_count, count(*) filter (not is_given) as family_count
            from (
                select given_name as name, true as is_given from filled
                union all
                select family_name, false from filled
            )
            where name is not null
            group by name
        ),
        form as (
            -- once for each name, not for each record
            select
                name,
                name_fold(name) as fold,
                name_sound(name) as sound,
                string_split_regex(name, '[ -]+') as parts,
                coalesce(given.records_count, {_counted("given_count", exactly=not terms)}) as given_count,
                coalesce(family.records_count, {_counted("family_count", exactly=not terms)}) as family_count
            from written
            left join known as given on given.field = 'given_name' and name = given.value
            left join known as family on family.field = 'family_name' and name = family.value
        )
        select
            filled.*,
            case
                when given_name is not null
                    then list_distinct([given_name] || coalesce(nickname.forms, []) || {_first_word("given_name")})
            end as given_forms,
            left(coalesce(nickname.forms[1], given_name), 3) as person_key,
            given.fold as given_fold,
            family.fold as family_fold,
            given.sound as given_sound,
            family.sound as family_sound,
            given_name as given_copy,
            family_name as family_copy,
            family.parts as family_parts,
            case
                when street is not null
                    then list_distinct(
                        string_split(concat_ws(' ', house_number, street, city, lower(postal_code)), ' ')
                    )
            end as address_words,
            given.given_count,
            family.family_count
        from filled
        left join nickname on filled.given_name = nickname.name
        left join form as given on filled.given_name = given.name
        left join form as family on filled.family_name = family.name
    """


def _first_word(name: str) -> str:
    """The first of several given names, which may stand for them all: "anna" for "anna maria"."""
    return f"list_filter([split_part({name}, ' ', 1)], lambda word: length(word) > 2)"


def _counted(count: str, *, exactly: bool) -> str:
    """How many records have a name; not exactly is the power of two above, so that few additions change it."""
    return count if exactly else f"pow(2, ceil(log2(greatest({count}, 1))))::bigint"
