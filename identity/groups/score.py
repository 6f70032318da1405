"""How right accounts and households are, against a known truth.

Belongs here: what is compared with what. Must not go here: the measures (identity/watching/score.py), anything that
resolves; only the scoring asset may call this.
Concept: accounts are scored over company records. Households are scored over people, each by the customer that holds
most of their records, so that a person of many records counts once; whoever is in no household counts as alone.
"""

import duckdb

from identity.watching.score import Scores, score


def score_groups(con: duckdb.DuckDBPyConnection, records: str, accounts: str, households: str) -> dict[str, Scores]:
    """Score identity.account_map and household_map against truths (record_id, person_id), (account_record_id,
    company_id) and (person_id, household_id). `homes` are households among those people of whom one is known."""
    con.execute(f"""
        create or replace temp table true_person as
        with held as (
            select person_id, customer_id, count(*) as records_count
            from {records}
            join identity.identity_map using (record_id)
            where not is_device
            group by all
        )
        select person_id, customer_id
        from held
        qualify row_number() over (partition by person_id order by records_count desc, customer_id) = 1
    """)
    found = "select account_record_id as unique_id, account_id as entity_id from identity.account_map"
    housed = """
        select person_id as unique_id, household_id as entity_id
        from true_person
        join identity.household_map using (customer_id)
    """
    everybody = """
        select person_id as unique_id, coalesce(household_id, 'alone ' || person_id) as entity_id
        from true_person
        left join identity.household_map using (customer_id)
    """
    truth = f"select person_id as unique_id, household_id as entity_id from {households}"
    return {
        "accounts": score(
            con, found, f"select account_record_id as unique_id, company_id as entity_id from {accounts}"
        ),
        "households": score(con, everybody, truth),
        "homes": score(con, housed, truth),
    }
