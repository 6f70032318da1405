"""Run selections of assets or checks as the UI does, and print one line of JSON about each.

Arguments, one run each: `group:profiles` (a layer and its gate), `models:profiles` (a layer without its gate),
`gate:profiles` (a gate alone), `asset:published/generation`; several joined by `+` are one run.
"""

import json

import dagster as dg

from orchestration.definitions import defs
from orchestration.instance import open_instance
from warehouse.home import Home


def selection_of(part: str) -> dg.AssetSelection:
    kind, _, name = part.partition(":")
    if kind == "asset":
        return dg.AssetSelection.assets(dg.AssetKey(name.split("/")))
    group = dg.AssetSelection.groups(name)
    if kind == "gate":
        return dg.AssetSelection.checks_for_assets(*_gated(name))
    return group.without_checks() if kind == "models" else group


def _gated(layer: str) -> list[dg.AssetKey]:
    graph = defs().resolve_asset_graph()
    return [key.asset_key for key in graph.asset_check_keys if graph.get(key.asset_key).group_name == layer]


def run(home: Home, argument: str) -> dict:
    parts = [selection_of(part) for part in argument.split("+")]
    selection = parts[0]
    for part in parts[1:]:
        selection = selection | part
    whole = defs().resolve_implicit_global_asset_job_def()
    graph = defs().resolve_asset_graph()
    with open_instance(home) as instance:
        result = whole.get_subset(
            asset_selection=selection.resolve(graph),
            asset_check_selection={key for key in selection.resolve_checks(graph) if key.name == "gate"},
        ).execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
        failed = [event for event in result.all_events if event.is_step_failure]
        return {
            "succeeded": result.success,
            "run_id": result.run_id,
            "steps": [event.step_key for event in result.all_events if event.event_type_value == "STEP_SUCCESS"],
            "failed": {event.step_key: _innermost(event.step_failure_data.error) for event in failed},
        }


def _innermost(error: object) -> str:
    while error.cause is not None:
        error = error.cause
    return error.message


def main(*arguments: str) -> None:
    for argument in arguments:
        print(json.dumps(run(Home.from_environment(), argument)), flush=True)
