"""The scores of a whole shop: published where they foretell, null where they do not, the same at a moment for ever."""

import json
import os
import signal
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from scoring.scores import make_scores
from scoring.tables import SCORES, score_customers
from tests import processes
from tests.unit.scoring.conftest import AS_OF, Shop, living
from warehouse.run import RunContext

RUN = RunContext("run2", AS_OF, AS_OF)
CDNOW = Path(os.environ.get("CDP_PUBLIC_DATA", "")) / "cdnow" / "sample_2357.txt"


def verdicts(shop: Shop, moment: datetime = AS_OF) -> dict[str, str | None]:
    return {score.name: score.verdict.reason for score in make_scores(shop.con, moment)}


def test_scores_of_customers_who_differ_are_published(lively):
    assert set(verdicts(lively).values()) == {None}


def test_scores_of_customers_who_are_all_alike_are_not():
    """Nobody's past tells more of his future than the mean does."""
    found = verdicts(Shop().sells(living(500, spread=0)))
    assert found["repeat_purchase_probability_90_days"] is not None
    assert found["expected_orders_12_months"] is not None


def test_a_score_of_a_moment_reads_nothing_later(lively):
    """Model, value, back-test: all of it is the same when what came after the moment has not happened yet."""
    for days in (40, 200):
        moment = AS_OF - timedelta(days=days)
        for whole, cut in zip(
            make_scores(lively.con, moment), make_scores(lively.until(moment).con, moment), strict=True
        ):
            assert whole.parameters == cut.parameters
            assert whole.verdict == cut.verdict
            assert list(whole.customer_ids) == list(cut.customer_ids)
            np.testing.assert_array_equal(whole.values, cut.values)


@pytest.mark.skipif(
    not os.environ.get("CDP_PUBLIC_DATA"), reason="CDP_PUBLIC_DATA is unset: it names the folder that holds cdnow/"
)
def test_on_public_data_every_score_of_buying_beats_the_naive_answer():
    rows = (line.split() for line in CDNOW.read_text().splitlines())
    orders = [(customer, datetime.strptime(day, "%Y%m%d"), float(usd)) for _, customer, day, _, usd in rows]
    found = [
        score
        for score in make_scores(Shop().sells(orders).con, datetime(1998, 7, 1))
        if score.model != "hazard by tenure"
    ]
    assert [(score.name, score.verdict.reason) for score in found if not score.verdict.is_published] == []
    assert min(score.verdict.lift for score in found) > 0.1


def test_tables_hold_published_scores_and_an_account_of_all(lively):
    score_customers(lively.con, RUN)

    rows = lively.con.execute(
        "select count(*), count(repeat_purchase_probability_90_days), count(alive_probability), "
        "count(expected_value_12_months_usd), count(subscription_churn_probability_90_days) "
        "from scoring.customer_scores"
    ).fetchall()[0]
    running = lively.con.execute("select count(*) from conformed.int_subscriptions where ended_at is null").fetchall()[
        0
    ][0]
    assert rows == (700 + running, 700, 700, 700, running)
    models = lively.con.execute(
        "select score, is_published, lift > 0, drift, json_array_length(calibration) "
        "from scoring.score_models order by 1"
    ).fetchall()
    assert len(models) == 5
    assert {model[1:] for model in models} == {(True, True, None, 10)}


def test_a_score_that_fails_is_null_and_says_why():
    shop = Shop().sells(living(60, spread=1.0))

    reasons = score_customers(shop.con, RUN)

    assert all(reason.startswith(("too few", "no model")) for reason in reasons.values())
    nulls = " and ".join(f"{name} is null" for name in SCORES)
    counted = f"select count(*), count(*) filter (where {nulls}) from scoring.customer_scores"
    assert shop.con.execute(counted).fetchall() == [(60, 60)]
    assert shop.con.execute("select count(*) from scoring.score_models where reason is null").fetchall() == [(0,)]


def test_a_company_without_a_shop_has_models_and_nobody_to_score():
    shop = Shop()
    score_customers(shop.con, RUN)
    assert shop.con.execute("select count(*) from scoring.customer_scores").fetchall() == [(0,)]
    assert shop.con.execute("select count(*) from scoring.score_models").fetchall() == [(5,)]


def test_drift_is_told_against_the_generation_before(lively):
    """The run before had everybody at the low end."""
    lively.con.execute("attach ':memory:' as previous")
    lively.con.execute("create table previous.main.score_models as from scoring.score_models where false")
    distribution = json.dumps([500] + [0] * 22)
    lively.con.execute(
        "insert into previous.main.score_models by name "
        "select 'run1' as run_id, score, ? as distribution, 0.5 as error, "
        "timestamp '2026-10-31' as recorded_at from scoring.score_models",
        [distribution],
    )

    score_customers(lively.con, RUN)

    drifts = lively.con.execute("select min(drift), min(previous_error) from scoring.score_models").fetchall()[0]
    assert drifts[0] > 0.25
    assert drifts[1] == 0.5


def score_in(file: str) -> None:
    score_customers(duckdb.connect(file), RunContext("run", AS_OF, AS_OF))


@pytest.mark.parametrize(("point", "tables"), [("inside_swap", 0), ("after_swap", 2)])
def test_a_kill_leaves_both_tables_or_none(tmp_path, point, tables):
    file = tmp_path / "warehouse.duckdb"
    shop = Shop().sells(living(30, spread=1.0))
    shop.con.execute(f"attach '{file}' as warehouse; copy from database memory to warehouse; detach warehouse")

    killed = processes.killed_at(f"scoring.scores.{point}", score_in, str(file))

    assert killed.returncode == -signal.SIGKILL
    shop.con.execute(f"attach '{file}' as warehouse")
    made = "select count(*) from duckdb_tables() where database_name = 'warehouse' and schema_name = 'scoring'"
    assert shop.con.execute(made).fetchall() == [(tables,)]
