"""What is derived from a name: folded, sounded out, in parts, and how many records hold it.

Belongs here: what is made once for each name and not for each record. Must not go here: how two names relate
(names.py), names that are not written but implied (implied.py).

Makes the query of temporary table name_form: name, given_forms (the given name and what it may be short for), fold,
sound, letters, parts, given_count, family_count.
"""

from identity.matching.model import NO_TERMS


def name_forms_sql(terms: str | None) -> str:
    """The forms of every name in `named`; terms: as in people.prepare_people."""
    return f"""
        with known as ({terms or NO_TERMS}),
        written as (
            select name, count(*) filter (is_given) as given_count, count(*) filter (not is_given) as family_count
            from (
                select given_name as name, true as is_given from named
                union all
                select family_name, false from named
            )
            where name is not null
            group by name
        )
        select
            written.name,
            list_distinct([written.name] || coalesce(nickname.forms, []) || {_first_word("written.name")})
                as given_forms,
            name_fold(written.name) as fold,
            name_sound(written.name) as sound,
            letters_of(written.name) as letters,
            string_split_regex(written.name, '[ -]+') as parts,
            coalesce(given.records_count, {_counted("given_count", exactly=not terms)}) as given_count,
            coalesce(family.records_count, {_counted("family_count", exactly=not terms)}) as family_count
        from written
        left join known as given on given.field = 'given_name' and written.name = given.value
        left join known as family on family.field = 'family_name' and written.name = family.value
        left join nickname on written.name = nickname.name
    """


def _first_word(name: str) -> str:
    """The first of several given names, which may stand for them all: "anna" for "anna maria"."""
    return f"list_filter([split_part({name}, ' ', 1)], lambda word: length(word) > 2)"


def _counted(count: str, *, exactly: bool) -> str:
    """How many records have a name; not exactly is the power of two above, so that few additions change it."""
    return count if exactly else f"pow(2, ceil(log2(greatest({count}, 1))))::bigint"
