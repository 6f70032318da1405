"""Textbook Splink beside ours, on the same records: what a careful reader of its tutorial would get.

Belongs here: the comparison alone. Must not go here: anything that our own resolver uses.
Concept: NameComparison, DateOfBirthComparison, EmailComparison, exact phone and city; the tutorial's blocking rules and
EM sessions; connected components at a match probability of 0.95.

    python -m benchmarks.plain_splink TRUTH_FOLDER      # reads the warehouse in CDP_HOME, after a run
"""

import logging
import sys
from pathlib import Path
from typing import Any

import duckdb

from identity.score import Scores, score
from warehouse.connection import connect
from warehouse.home import Home

THRESHOLD = 0.95
RECORDS = """
    select
        record_id as unique_id, given_name_std as first_name, family_name_std as surname,
        strftime(birth_date, '%Y-%m-%d') as dob, email_std as email, phone_std as phone, city_std as city,
        postal_code_std as postcode
    from conformed.int_records
"""


def plain_splink(con: duckdb.DuckDBPyConnection) -> str:
    """Resolve conformed.int_records with the textbook model; gives a query (unique_id, entity_id)."""
    con.execute(f"create or replace temp table plain_records as {RECORDS}")
    linker = _linker(con)
    _train(linker)
    predictions = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predictions, threshold_match_probability=THRESHOLD
    )
    return f"select unique_id, cluster_id as entity_id from {clusters.physical_name}"


def _linker(con: duckdb.DuckDBPyConnection) -> Any:
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("email"),
            block_on("phone"),
            block_on("first_name", "surname"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("surname", "postcode"),
        ],
    )
    api = DuckDBAPI(connection=con)
    return Linker(api.register(con.table("plain_records")), settings, log_level=logging.ERROR)


def _train(linker: Any) -> None:
    from splink import block_on

    exact = ["l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob", "l.email = r.email"]
    linker.training.estimate_probability_two_random_records_match(exact, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("email"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))


def side_by_side(con: duckdb.DuckDBPyConnection, truth_folder: Path) -> dict[str, Scores]:
    """Scores of person records: textbook, and what the last run of ours put into identity.clusters."""
    con.execute(
        "create or replace temp table plain_truth as select record_id as unique_id, person_id as entity_id "
        f"from read_csv('{truth_folder / 'records.csv'}', header = true, all_varchar = true)"
    )
    ours = """
        select record_id as unique_id, cluster_id as entity_id
        from identity.clusters
        where record_id in (select record_id from conformed.int_records)
    """
    return {"textbook": score(con, plain_splink(con), "plain_truth"), "ours": score(con, ours, "plain_truth")}


def main() -> None:
    con = connect(Home.from_environment())
    for name, scores in side_by_side(con, Path(sys.argv[1])).items():
        pairs = f"pairs P {scores['pair_precision']:.4f} R {scores['pair_recall']:.4f} F1 {scores['pair_f1']:.4f}"
        print(
            f"{name:9} {pairs}   B³ P {scores['b3_precision']:.4f} R {scores['b3_recall']:.4f} F1 {scores['b3_f1']:.4f}"
        )


if __name__ == "__main__":
    main()
