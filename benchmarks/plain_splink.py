"""Textbook Splink: what a careful reader of its tutorial would get from the same standardised records.

Belongs here: the textbook model alone. Must not go here: anything that our own resolver uses.
Concept: NameComparison, DateOfBirthComparison, EmailComparison, exact matches for the rest; the tutorial's blocking
rules and EM sessions, as far as the records have the columns; connected components at a match probability of 0.95.
"""

import logging
from typing import Any

import duckdb

THRESHOLD = 0.95
# By column of the records, in the textbook's words.
EXACT = ("phone", "postcode", "national_id", "city", "place", "occupation")
COMMON_VALUES = {"city", "place", "occupation"}
BLOCKS = (
    ("email",),
    ("phone",),
    ("first_name", "surname"),
    ("surname", "dob"),
    ("first_name", "dob"),
    ("surname", "postcode"),
    ("first_name", "postcode"),
    ("dob", "postcode"),
    ("national_id",),
)
SESSIONS = (("first_name", "surname"), ("email",), ("dob",), ("postcode",))


def plain_splink(con: duckdb.DuckDBPyConnection, records: str, proposed: str | None = None) -> str:
    """Resolve a query of records (unique_id, and any of first_name, surname, dob as text, email, phone, postcode,
    national_id, city, place, occupation); gives a query (unique_id, entity_id).

    proposed: a table of the pairs to score (match_key, join_key_l, join_key_r), instead of the textbook's blocking.
    """
    con.execute(f"create or replace temp table plain_records as {records}")
    names = [row[0] for row in con.execute("describe plain_records").fetchall()]
    counts = con.execute(f"select {', '.join(f'count({name})' for name in names)} from plain_records").fetchall()[0]
    linker = _linker(con, {name for name, filled in zip(names, counts, strict=True) if filled})
    if proposed:
        linker.table_management.register_blocked_pairs_for_predict(linker._db_api.register(con.table(proposed)))
    predictions = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=THRESHOLD
    )
    return f"select unique_id, cluster_id as entity_id from {clusters.physical_name}"


def _linker(con: duckdb.DuckDBPyConnection, present: set[str]) -> Any:
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    comparisons = [cl.NameComparison(name) for name in ("first_name", "surname") if name in present]
    comparisons += [cl.DateOfBirthComparison("dob", input_is_string=True)] if "dob" in present else []
    comparisons += [cl.EmailComparison("email")] if "email" in present else []
    comparisons += [
        cl.ExactMatch(name).configure(term_frequency_adjustments=name in COMMON_VALUES)
        for name in EXACT
        if name in present
    ]
    blocks = [block for block in BLOCKS if set(block) <= present]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
    )
    api = DuckDBAPI(connection=con)
    linker = Linker(api.register(con.table("plain_records")), settings, log_level=logging.ERROR)
    exact = [
        " and ".join(f"l.{name} = r.{name}" for name in block)
        for block in (("first_name", "surname", "dob"), ("email",))
        if set(block) <= present
    ]
    linker.training.estimate_probability_two_random_records_match(exact, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in SESSIONS:
        if set(block) <= present:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    return linker
