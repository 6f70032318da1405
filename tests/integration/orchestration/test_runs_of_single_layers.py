"""One layer alone, gated and published later; and what is refused on the way."""

from contextlib import closing
from pathlib import Path

from tests.integration.orchestration.conftest import run_selections
from warehouse.home import Home
from warehouse.state import open_state


def test_a_layer_rebuilt_alone_is_published_once_its_gate_has_passed(sample_copy: Path) -> None:
    home = Home(sample_copy)
    before = home.current.resolve()

    rebuilt, refused, gated, published = run_selections(
        sample_copy, "models:profiles", "asset:published/generation", "gate:profiles", "asset:published/generation"
    )

    assert rebuilt["succeeded"], rebuilt
    assert rebuilt["steps"] == ["profiles"]
    assert not refused["succeeded"]
    assert "profiles.customers: its gate ran on an older build" in refused["failed"]["published__generation"]
    assert gated["succeeded"], gated
    assert gated["steps"] == ["profiles_gate"]
    assert published["succeeded"], published
    assert home.current.resolve() != before
    assert _status_of(home, [rebuilt, refused, gated, published]) == ["succeeded", "failed", "succeeded", "succeeded"]


def _status_of(home: Home, done: list[dict]) -> list[str]:
    with closing(open_state(home)) as state:
        status = dict(tuple(row) for row in state.execute("select run_id, status from runs").fetchall())
    return [status[run["run_id"]] for run in done]
