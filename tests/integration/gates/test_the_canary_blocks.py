"""A linkage gone wrong stops at the gate: the canary falls, and what the run made is not let on."""

from dataclasses import replace

import duckdb
import pytest

from expectations.gate import run_gate
from expectations.results import GateResult
from identity.clustering import clusters
from identity.matching.edges import score_edges
from identity.roles import platform_roles
from identity.watching import canary
from identity.watching.canary import score_canary
from tests.unit.identity.measured import Runs
from warehouse.builds import stamp
from warehouse.run import begin_run


@pytest.fixture
def gate_of_a_run(home, con):
    """Measures a run of a home whose model is trained, and gives what the gate says of it."""
    with duckdb.connect() as other:
        assert score_edges(home, other, canary._read(other, platform_roles()))
    runs = Runs(con)

    def measured() -> GateResult:
        score_canary(home, con)
        run = begin_run(home, f"run{runs.count + 1}")
        runs.run()
        stamp(con, "identity.int_identity_metrics")
        return run_gate(home, con, run, ["identity.int_identity_metrics"])[0]

    return measured


def test_a_wrong_linkage_is_blocked_and_a_mended_one_passes(gate_of_a_run, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = gate_of_a_run()
    with monkeypatch.context() as broken:
        broken.setattr(canary, "platform_roles", lambda: replace(platform_roles(), cut_weight=-6.0))
        broken.setattr(clusters, "CUT_EDGE_WEIGHT", 0.0)
        blocked = gate_of_a_run()
    mended = gate_of_a_run()

    assert sound.severity is None
    assert not blocked.passed
    assert {finding.reason.split()[0] for finding in blocked.failed} == {"two"}
    assert [finding.reason.split()[:4] for finding in blocked.warned] == [["the", "canary", "never", "changes,"]]
    assert mended.severity is None
