"""Names and employers that an e-mail address gives away: anna.bauer77@ is read as Anna Bauer where the record has no name.

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
# Letters around a family name: a given name before it, or a filler ("thebauers"); one letter after it.
SHORTEST_EMPLOYER = 6
LONGEST_FRONT, LONGEST_FILLER, LONGEST_BACK = 12, 3, 1


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


def imply_employers(con: duckdb.DuckDBPyConnection) -> None:
    """`implied_employer` (email_domain, employer): a domain that spells an employer's name is that employer's.

    veladental172.com is read as Vela Dental where other records name such an employer.
    """
    con.execute(f"""
        create or replace temp table implied_employer as
        with known as (
            select regexp_replace(employer, '[^a-z]', '', 'g') as spelled, min(employer) as employer
            from person
            where employer is not null
            group by 1
            having length(spelled) >= {SHORTEST_EMPLOYER}
        ),
        domains as (
            select distinct split_part(email, '@', 2) as email_domain from person where email is not null
        )
        select email_domain, employer
        from domains
        join known on regexp_replace(split_part(email_domain, '.', 1), '[^a-z]', '', 'g') = spelled
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
    """anna, abauer, annab, annabauer, thebauers: a known name, and at most a few letters around it."""
    words = "(select email, parts[1] as word from tokens where len(parts) = 1)"
    return f"""
        select email, given.name as given_name, null as family_name, 3 as rank
        from {words} join known_given_name as given on word = given.name
        union all
        select email, given.name, null, 5
        from {words} join known_given_name as given on word[:-2] = given.name where length(given.name) >= {SHORTEST_RUN_TOGETHER}
        union all
        select
            email,
            case when given.name is not null or (length(front) = 1 and back = '') then front end,
            family.name,
            case when given.name is not null then 3 when length(front) = 1 and back = '' then 4 else 6 + length(front) end
        from (
            select email, word[:start] as front, word[start + 1:length(word) - tail] as core, word[length(word) - tail + 1:] as back
            from {words}, range(0, {LONGEST_FRONT} + 1) as starts (start), range(0, {LONGEST_BACK} + 1) as tails (tail)
            where length(word) - start - tail >= {SHORTEST_RUN_TOGETHER}
        )
        join known_family_name as family on core = family.name
        left join known_given_name as given on front = given.name and back = ''
        where given.name is not null or length(front) <= {LONGEST_FILLER}
    """
