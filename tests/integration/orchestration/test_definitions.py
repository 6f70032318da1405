"""What Dagster shows: every layer, described, with a gate on every arrow; nothing starts by itself."""

import inspect
from typing import Any

import dagster as dg
import pytest
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from expectations.suites import load_suites
from orchestration.assets.published import GENERATION
from orchestration.checks.gates import asset_of
from orchestration.project import manifest
from orchestration.stages import built_layers

# Scoring stands between identity and the profiles; all but it are dbt's.
BUILT = tuple(step for layer in built_layers() for step in (["scoring", layer] if layer == "profiles" else [layer]))
LAYERS = ("landing", "raw", *BUILT, "published")
GATED = ("raw", *BUILT)
# Lists of what could not be read, and the seeds: tested by dbt, empty on a good day, read by no one's golden value.
UNGATED = ("reference", "landing")


def test_every_asset_is_in_its_layers_group_and_described(graph: Any) -> None:
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]

    assert {node.group_name for node in nodes} == {*LAYERS, "reference"}
    assert [node.key.to_user_string() for node in nodes if not node.description] == []
    assert [node.key.to_user_string() for node in nodes if not node.is_materializable] == []


def test_every_suite_is_a_check_on_its_asset(graph: Any) -> None:
    gates = {key.asset_key for key in graph.asset_check_keys if key.name == "gate"}

    assert gates == {asset_of(suite.table) for suite in load_suites()}


def test_every_table_that_crosses_a_layer_is_gated(graph: Any) -> None:
    gates = {key.asset_key for key in graph.asset_check_keys if key.name == "gate"}
    nodes = [graph.get(key) for key in graph.get_all_asset_keys()]
    crossing = {
        parent for node in nodes for parent in node.parent_keys if graph.get(parent).group_name != node.group_name
    }

    ungated = {key for key in crossing - gates if graph.get(key).group_name not in UNGATED}

    assert [key.to_user_string() for key in ungated if not _lists_what_was_refused(key) and not _is_function(key)] == []


def _is_function(key: dg.AssetKey) -> bool:
    """A function of a moment has no rows to look at."""
    node = manifest()["nodes"].get(f"model.cdp.{key.path[-1]}", {"config": {}})
    return node["config"].get("materialized") == "as_of"


def _lists_what_was_refused(key: dg.AssetKey) -> bool:
    return key.path[-1].endswith("__rejects") or key.path[-1] == "quarantine"


@pytest.mark.parametrize(("layer", "after"), [(layer, LAYERS[at + 2]) for at, layer in enumerate(GATED)])
def test_a_layer_waits_for_the_gate_of_the_layer_before(definitions: dg.Definitions, layer: str, after: str) -> None:
    first = {"identity": "edges", "scoring": "scores", "published": "published__generation"}.get(after, after)

    assert f"{layer}_gate" in _upstream(definitions)[first]


def test_publishing_waits_for_every_gate(definitions: dg.Definitions) -> None:
    upstream = _upstream(definitions)
    reached, waiting = set(), {"published__generation"}
    while waiting:
        reached |= waiting
        waiting = {before for op in waiting for before in upstream[op]} - reached

    assert {f"{layer}_gate" for layer in GATED} <= reached


def _upstream(definitions: dg.Definitions) -> dict[str, set[str]]:
    """For each op of the job, the ops that it waits for."""
    dependencies = definitions.resolve_job_def("everything").dependencies
    return {
        invocation.name: {node.node for dependency in inputs.values() for node in dependency.get_node_dependencies()}
        for invocation, inputs in dependencies.items()
    }


def test_public_models_are_published(graph: Any) -> None:
    published = graph.get(GENERATION).parent_keys

    assert {key.path[0] for key in published} == {"identity", "profiles", "segments", "measures"}
    assert dg.AssetKey(["profiles", "customers"]) in published


def test_nothing_starts_by_itself(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()

    assert [(one.name, one.default_status.value) for one in repository.schedule_defs] == [("daily", "STOPPED")]
    assert [(one.name, one.default_status.value) for one in repository.sensor_defs] == [("file_drop", "STOPPED")]


def test_the_score_is_an_asset_only_where_the_truth_is_known(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.assets.identity import identity_assets

    score = dg.AssetKey(["identity", "score"])
    monkeypatch.delenv("CDP_TRUTH", raising=False)

    assert score in graph.get_all_asset_keys()
    assert graph.get(score).child_keys == set()
    assert score not in {key for definition in identity_assets() for key in definition.keys}


def test_dagster_dbt_still_has_the_two_names_that_it_does_not_export() -> None:
    """orchestration/project.py runs dbt in this process through them; an upgrade that moves them fails here first."""
    given = inspect.signature(get_updated_cli_invocation_params_for_context)
    message = inspect.signature(DbtCoreCliEventMessage).parameters
    events = inspect.signature(DbtCoreCliEventMessage.to_default_asset_events).parameters

    assert {"context", "manifest", "dagster_dbt_translator"} <= given.parameters.keys()
    assert {"manifest", "selection_args"} <= given.return_annotation.__annotations__.keys()
    assert {"raw_event", "event_history_metadata"} <= message.keys()
    assert {"manifest", "dagster_dbt_translator", "context", "target_path"} <= events.keys()
