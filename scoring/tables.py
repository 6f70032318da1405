"""The tables that a run's scores are: values per customer, and how each score came about.

Belongs here: their shape, and putting both in place at once. Must not go here: making or judging scores.
Concept: DESIGN, section 3; a run that is killed leaves the former tables or these.
"""

import json
from typing import Any

import duckdb
import numpy as np

from scoring.drift import drift_since, histogram
from scoring.scores import Score, make_scores
from warehouse.run import RunContext
from warehouse.tables import find_table, put_in_place

SCORES = (
    "repeat_purchase_probability_90_days", "alive_probability", "order_churn_probability_12_months",
    "subscription_churn_probability_90_days", "expected_orders_12_months", "expected_order_value_usd",
    "expected_value_12_months_usd",
)  # fmt: skip


def score_customers(con: duckdb.DuckDBPyConnection, run: RunContext) -> dict[str, Any]:
    """Write scoring.customer_scores and scoring.score_models; gives, per score, whether it is published and why not."""
    scores = make_scores(con, run.as_of)
    _keep_values(con, scores)
    _keep_models(con, scores, run)
    put_in_place(
        con,
        {
            "scoring.customer_scores": "select * from kept_scores order by customer_id",
            "scoring.score_models": "select * from kept_models order by score",
        },
        "scores",
    )
    con.execute("drop table kept_scores; drop table kept_models")
    return {score.name: score.verdict.reason or "published" for score in scores}


def _keep_values(con: duckdb.DuckDBPyConnection, scores: list[Score]) -> None:
    """kept_scores: one row per customer with facts; a score that is not published is null throughout.

    Scores of the same customers come in one table, so that a million ids are handed over once.
    """
    import pyarrow as pa

    arrived: dict[int, dict[str, pa.Array]] = {}
    for score in scores:
        columns = arrived.setdefault(id(score.customer_ids), {"customer_id": pa.array(score.customer_ids, pa.string())})
        for name, values in ({score.name: score.values} | score.companions).items():
            known = np.isfinite(values) & score.verdict.is_published
            columns[name] = pa.array(values, pa.float64(), mask=~known)
    for number, columns in enumerate(arrived.values()):
        con.register(f"arrived_{number}", pa.table(columns))
    everyone = " union all by name ".join(f"select * from arrived_{number}" for number in range(len(arrived)))
    picked = ", ".join(f"max({name}) as {name}" for name in SCORES)
    con.execute(f"""
        create or replace temp table kept_scores as
        select customer_id, {picked} from ({everyone}) group by customer_id
    """)
    for number in range(len(arrived)):
        con.unregister(f"arrived_{number}")


def _keep_models(con: duckdb.DuckDBPyConnection, scores: list[Score], run: RunContext) -> None:
    """kept_models: one row per score of this run."""
    con.execute("""
        create or replace temp table kept_models (
            run_id varchar, score varchar, model varchar, horizon_days integer,
            effective_at timestamp, recorded_at timestamp,
            parameters varchar, fitted_rows_count bigint, scored_customers_count bigint,
            tested_rows_count bigint, tested_positives_count bigint, measure varchar,
            error double, baseline_error double, lift double, calibration_error double, calibration varchar,
            is_published boolean, reason varchar, distribution varchar, drift double, previous_error double
        )
    """)
    before = _models_before(con, run)
    for score in scores:
        verdict, counts = score.verdict, histogram(score.values)
        distribution, error = before.get(score.name, (None, None))
        con.execute(
            f"insert into kept_models values ({', '.join('?' * 22)})",
            [
                run.run_id, score.name, score.model, score.horizon_days, run.as_of, run.started_at,
                _json(score.parameters), score.fitted_rows, int(np.isfinite(score.values).sum()),
                verdict.rows, verdict.positives, verdict.measure,
                verdict.error, verdict.baseline_error, verdict.lift,
                verdict.calibration_error, _json(verdict.calibration),
                verdict.is_published, verdict.reason, _json(counts), drift_since(distribution, counts), error,
            ],
        )  # fmt: skip


def _models_before(con: duckdb.DuckDBPyConnection, run: RunContext) -> dict[str, tuple[list[int], float | None]]:
    """Distribution and error of each score in the run before this one, from the published generation."""
    found = find_table(con, "previous", "score_models")
    if not found:
        return {}
    rows = con.execute(
        f"select score, arg_max(distribution, recorded_at), arg_max(error, recorded_at) from {found} "
        "where run_id <> ? and distribution is not null group by score",
        [run.run_id],
    ).fetchall()
    return {score: (json.loads(distribution), error) for score, distribution, error in rows}


def _json(value: Any) -> str:
    return json.dumps(value, default=float, sort_keys=True)
