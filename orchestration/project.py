"""The dbt project as Dagster sees it: the manifest, the names of assets, and a build that yields their events.

Belongs here: translating dbt into Dagster. Must not go here: running dbt (warehouse/dbt.py), choosing layers
(assets/dbt_layers.py).
Concept: dagster-dbt with dbt in this process. It uses two names that dagster-dbt does not export; a contract test
holds them.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.stages import BUILD
from warehouse.connection import connect
from warehouse.dbt import ensure_parsed, failures, invoke
from warehouse.home import Home

# The events of dbt that say how a node ended; the other hundreds per model are not even translated.
RESULTS = {"LogSeedResult", "LogModelResult", "LogTestResult"}


@cache
def manifest() -> Mapping[str, Any]:
    """dbt's manifest, parsed anew only when a file of the project changed."""
    home = Home.from_environment()
    ensure_parsed(home)
    return json.loads((home.dbt_target / "manifest.json").read_text())


class LayerTranslator(DagsterDbtTranslator):
    """Asset key and group of a node: its layer, which is its folder and its schema."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] in {"model", "seed"}:
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return "raw" if dbt_resource_props["resource_type"] == "source" else dbt_resource_props["schema"]


translator = LayerTranslator(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True))


def dbt_events(context: dg.AssetExecutionContext, home: Home) -> Iterator[Any]:
    """Build the selected models of this layer and yield their materialisations and check results.

    Raises dg.Failure that names what failed, without any value.
    """
    params = get_updated_cli_invocation_params_for_context(
        context=context, manifest=manifest(), dagster_dbt_translator=translator
    )
    finished: list[Any] = []

    def keep(event: Any) -> None:
        if event.info.name in RESULTS:
            finished.append(event)

    result = invoke(home, [*BUILD, *params.selection_args], keep)
    counts = _row_counts(home)
    for message in map(_as_dict, finished):
        for event in DbtCoreCliEventMessage(raw_event=message, event_history_metadata={}).to_default_asset_events(
            manifest=params.manifest, dagster_dbt_translator=translator, context=context, target_path=home.dbt_target
        ):
            yield _with_row_count(event, message, counts)
    if not result.success:
        raise dg.Failure(failures(result), allow_retries=False)


def _as_dict(event: Any) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(event, preserving_proto_field_name=True)


def _row_counts(home: Home) -> dict[tuple[str, str], int]:
    """Rows of every table of the warehouse, from the catalog; views have no count of their own."""
    con = connect(home)
    rows = con.execute(
        "select schema_name, table_name, estimated_size from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    con.close()
    return {(schema, table): count for schema, table, count in rows}


def _with_row_count(event: Any, message: dict[str, Any], counts: dict[tuple[str, str], int]) -> Any:
    relation = message["data"]["node_info"].get("node_relation", {})
    count = counts.get((relation.get("schema"), relation.get("relation_name") and relation.get("alias")))
    if not isinstance(event, dg.Output) or count is None:
        return event
    return event.with_metadata({**event.metadata, "dagster/row_count": count})
