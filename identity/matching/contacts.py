"""The contact points of each record that the hygiene left, and what they say about employers.

Belongs here: picking one e-mail and one phone of several, and the mail providers. Must not go here: what is cut
(hygiene.py), how contact points are compared (comparisons.py).
Concept: a record's own e-mail goes before those that its identifiers list, but not where it was cut.

Makes temporary tables:
  several   record_no, emails, phones and whatever else tells people apart: sorted lists, of the few records that have
            several of any
  contact   record_no, email, phone, one of each that tells people apart, identifiers (a hash of all that the record
            has), has_several (of any of these); of records with an identifier
  provider  email_domain: those where so many have a mailbox that it is nobody's employer
"""

from collections.abc import Iterable

import duckdb

# A domain with this many mailboxes is a provider's: sharing it says nothing about an employer.
PROVIDER_MAILBOXES, PROVIDER_SHARE = 30, 0.003


def settle_contacts(con: duckdb.DuckDBPyConnection, tells_apart: Iterable[str]) -> None:
    """Make the tables named above from `identifier`, once the hygiene is done, and `stated`."""
    kinds = ("email", "phone", *tells_apart)
    # a sum, since lists of all records' identifiers would have to fit into memory at once
    con.execute(f"""
        create or replace temp table contact as
        select
            record_no,
            {_of_each(kinds, "any_value(value)")},
            hash(sum(hash(identifier_type, value, people_count)::hugeint)) as identifiers,
            greatest({", ".join(f"count(*) filter (where identifier_type = '{kind}')" for kind in kinds)}) > 1
                as has_several
        from identifier
        where not is_device
        group by record_no
    """)
    # lists that are made of rows do not leave memory: only for the few that need them
    con.execute(f"""
        create or replace temp table several as
        select
            record_no,
            {_of_each(kinds, "list(value order by value)", "s")}
        from identifier
        semi join (from contact where has_several) as owners using (record_no)
        group by record_no
    """)
    con.execute("""
        update contact
        set
            email = case when list_contains(emails, stated.email) then stated.email else emails[1] end,
            phone = case when list_contains(phones, stated.phone) then stated.phone else phones[1] end
        from several
        join stated using (record_no)
        where contact.record_no = several.record_no
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
