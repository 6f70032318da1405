"""Names and employers that an e-mail address gives away: anna.bauer77@ is Anna Bauer where a record has no name.

Belongs here: reading a mailbox against the names in these same records. Must not go here: matching.
Concept: a token counts as a name only if other records hold it as a name, so info@ and office@ imply nothing. A name
that the record holds is never replaced.

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
    """From `stated` (given_name, family_name, email), where one of the two names is missing."""
    for role in ("given_name", "family_name"):
        con.execute(
            f"create or replace temp table known_{role} as "
            "with held as ("
            f"select {role} as name, count(*) as times from stated where length({role}) > 1 group by {role}) "
            "select name_fold(name) as fold, first(name order by times desc, name) as name "
            f"from held group by 1 having sum(times) >= {KNOWN_FROM_RECORDS}"
        )
    con.execute(f"""
        create or replace temp table implied_name as
        with mailboxes as (
            select
                record_no, given_name, family_name,
                regexp_replace(split_part(email, '@', 1), '[0-9]+', '', 'g') as mailbox
            from stated
            where email is not null and (given_name is null or family_name is null)
        ),
        tokens as (
            select mailbox, list_filter(string_split_regex(mailbox, '[._+-]+'), lambda part: part <> '') as parts
            from (select distinct mailbox from mailboxes)
        ),
        {_pairs_of_words()},
        readings as (
            {_two_words()}
            union all
            {_one_word()}
        ),
        best as (
            select *
            from readings
            qualify row_number() over (partition by mailbox order by rank, given_name, family_name) = 1
        )
        select record_no, best.given_name, best.family_name
        from mailboxes
        join best using (mailbox)
        where coalesce(mailboxes.given_name = best.given_name, true)
            and coalesce(mailboxes.family_name = best.family_name, true)
    """)


def imply_employers(con: duckdb.DuckDBPyConnection) -> None:
    """`implied_employer` (email_domain, employer): a domain that spells an employer's name is that employer's.

    veladental172.com is read as Vela Dental where other records name such an employer.
    """
    con.execute(f"""
        create or replace temp table implied_employer as
        with known as (
            select regexp_replace(employer, '[^a-z]', '', 'g') as spelled, min(employer) as employer
            from stated
            where employer is not null
            group by 1
            having length(spelled) >= {SHORTEST_EMPLOYER}
        ),
        domains as (
            select distinct split_part(email, '@', 2) as email_domain from stated where email is not null
        )
        select email_domain, employer
        from domains
        join known on regexp_replace(split_part(email_domain, '.', 1), '[^a-z]', '', 'g') = spelled
    """)


def _pairs_of_words() -> str:
    """Mailboxes of two words, with the names that either may be."""
    return """
        words as (
            select
                mailbox, parts[1] as first, parts[2] as last,
                name_fold(first) as first_fold, name_fold(last) as last_fold
            from tokens
            where len(parts) = 2
        ),
        pairs as (
            select
                mailbox, first, last,
                g1.name as given_first, f1.name as family_first, g2.name as given_last, f2.name as family_last
            from words
            left join known_given_name as g1 on first_fold = g1.fold
            left join known_family_name as f1 on first_fold = f1.fold
            left join known_given_name as g2 on last_fold = g2.fold
            left join known_family_name as f2 on last_fold = f2.fold
        )
    """


def _two_words() -> str:
    """anna.bauer, a.bauer, bauer.anna, familie.bauer."""
    return """
        select mailbox, coalesce(given_first, first) as given_name, family_last as family_name, 1 as rank
        from pairs where (given_first is not null or length(first) = 1) and family_last is not null
        union all
        select mailbox, coalesce(given_last, last), family_first, 2
        from pairs where (given_last is not null or length(last) = 1) and family_first is not null
        union all
        select mailbox, null, family_last, 7 from pairs where family_last is not null
    """


def _one_word() -> str:
    """anna, abauer, annab, annabauer, thebauers: a known name, and at most a few letters around it."""
    words = "(select mailbox, parts[1] as word from tokens where len(parts) = 1)"
    return f"""
        select mailbox, given.name as given_name, null as family_name, 3 as rank
        from {words} join known_given_name as given on name_fold(word) = given.fold
        union all
        select mailbox, given.name, null, 5
        from {words} join known_given_name as given on name_fold(word[:-2]) = given.fold
        where length(word) > {SHORTEST_RUN_TOGETHER}
        union all
        select
            mailbox,
            case when given.name is not null then given.name when length(front) = 1 and back = '' then front end,
            family.name,
            case
                when given.name is not null then 3 when length(front) = 1 and back = '' then 4 else 6 + length(front)
            end
        from (
            select
                mailbox,
                word[:start] as front,
                word[start + 1:length(word) - tail] as core,
                word[length(word) - tail + 1:] as back
            from {words}, range(0, {LONGEST_FRONT} + 1) as starts (start), range(0, {LONGEST_BACK} + 1) as tails (tail)
            where length(word) - start - tail >= {SHORTEST_RUN_TOGETHER}
        )
        join known_family_name as family on name_fold(core) = family.fold
        left join known_given_name as given on name_fold(front) = given.fold and back = ''
        where given.name is not null or length(front) <= {LONGEST_FILLER}
    """
