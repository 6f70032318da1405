"""How right the identities are, as the run's record and as Dagster's metadata."""

import json
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from warehouse.home import Home
from warehouse.state import open_state


def test_a_run_with_the_truth_present_is_scored(sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_state(Home(sample_copy))) as state:
        summary = json.loads(state.execute("select summary from runs").fetchall()[0]["summary"])
    monkeypatch.setenv("DAGSTER_HOME", str(sample_copy / "dagster"))
    with dg.DagsterInstance.get() as instance:
        event = instance.fetch_materializations(dg.AssetKey(["identity", "score"]), limit=1).records[0]

    assert 0.8 < summary["score"]["pair_f1"] <= 1
    assert 0.8 < summary["score"]["b3_f1"] <= 1
    assert summary["group_scores"]["accounts"]["pair_f1"] > 0.95
    assert summary["group_scores"]["homes"]["pair_precision"] > 0.9
    assert event.asset_materialization.metadata["households pair_f1"].value == pytest.approx(
        summary["group_scores"]["households"]["pair_f1"]
    )
    assert event.asset_materialization.metadata["persons pair_f1"].value == pytest.approx(summary["score"]["pair_f1"])
