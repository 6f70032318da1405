"""Names that an e-mail address gives away: anna.bauer77@ is read as Anna Bauer where the record itself has no name.

Belongs here: reading a mailbox against the names in these same records. Must not go here: matching.
Concept: a token counts as a name only if other records hold it as a name, so info@ and office@ imply nothing. A name that the
record holds is never replaced.

Makes temporary table implied_name: record_no, given_name, family_name.
"""

import duckdb

# A name must be held by this many records before a mailbox may imply it; fewer may be slips.
KNOWN_FROM_RECORDS = 2
# A family name of three letters would be found in too many mailboxes.
SHORTEST_RUN_TOGETHER = 4


def imply_names(con: duckdb.DuckDBPyConnection) -> None:
    """From `person` (given_name, family_name, email), where one of the two names is missing."""
    for role in ("given_name", "family_name"):
        con.execute(
            f"create or replace temp table known_{role} as select {role} as name, count(*) as records_count "
            f"from person where {role} is not null group by 1 having count(*) >= {KNOWN_FROM_RECORDS}"
        )
    con.execute(f"""
        create or replace temp table implied_name as
        with mailboxes as (
            select distinct email, regexp_replace(split_part(email, '@', 1), '[0-9]+', '', 'g') as mailbox
            from person
            where email is not null and (given_name is null or family_name is null)
        ),
        tokens as (
            select email, list_filter(string_split_regex(mailbox, '[._+-]+'), lambda part: part <> '') as parts from mailboxes
        ),
        readings as (
            {_two_words()}
            union all
            {_one_word()}
        ),
        best as (select * from readings qualify row_number() over (partition by email order by rank, given_name, family_name) = 1)
        select person.record_no, best.given_name, best.family_name
        from person
        join best using (email)
        where (person.given_name is null or person.family_name is null)
            and coalesce(person.given_name = best.given_name, true) and coalesce(person.family_name = best.family_name, true)
    """)


def _two_words() -> str:
    """anna.bauer, a.bauer, bauer.anna, familie.bauer."""
    pairs = "(select email, parts[1] as first, parts[2] as last from tokens where len(parts) = 2)"
    given, family = "known_given_name", "known_family_name"
    return f"""
        select email, first as given_name, last as family_name, 1 as rank
        from {pairs} where (first in (select name from {given}) or length(first) = 1) and last in (select name from {family})
        union all
        select email, last, first, 2
        from {pairs} where (last in (select name from {given}) or length(last) = 1) and first in (select name from {family})
        union all
        select email, null, last, 5 from {pairs} where last in (select name from {family})
    """


def _one_word() -> str:
    """anna, abauer, annab, annabauer."""
    words = "(select email, parts[1] as word from tokens where len(parts) = 1)"
    given, family = "known_given_name as given", "known_family_name as family"
    return f"""
        select email, given.name as given_name, null as family_name, 3 as rank from {words} join {given} on word = given.name
        union all
        select email, word[1], family.name, 4
        from {words} join {family} on word[2:] = family.name where length(family.name) >= {SHORTEST_RUN_TOGETHER}
        union all
        select email, given.name, null, 5
        from {words} join {given} on word[:-2] = given.name where length(given.name) >= {SHORTEST_RUN_TOGETHER}
        union all
        select email, null, family.name, 6
        from {words} join {family} on word = family.name where length(family.name) >= {SHORTEST_RUN_TOGETHER}
    """
