"""One op of Great Expectations gates after every layer; each suite is a blocking check on its table.

Belongs here: suites as asset checks. Must not go here: expectations, or running them.
Concept: only counts reach Dagster; never a value.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from expectations.gate import run_gate
from expectations.results import GateResult
from expectations.suites import Suite, load_suites
from orchestration import runs
from orchestration.boundary import without_values
from orchestration.resources import Platform


def gate_checks(assets: Sequence[dg.AssetsDefinition]) -> list[dg.AssetChecksDefinition]:
    by_layer: dict[str, list[Suite]] = {}
    for suite in load_suites():
        by_layer.setdefault(suite.layer, []).append(suite)
    inner = _read_within_their_layer(assets)
    return [_gate(layer, suites, inner) for layer, suites in by_layer.items()]


def asset_of(table: str) -> dg.AssetKey:
    """A raw table's asset is named after its source: raw.hubspot__contacts is [hubspot, contacts]."""
    layer, name = table.split(".")
    return dg.AssetKey(name.split("__", 1) if layer == "raw" else [layer, name])


def _read_within_their_layer(assets: Sequence[dg.AssetsDefinition]) -> set[dg.AssetKey]:
    """Assets that another asset of the same group reads."""
    groups = {key: group for definition in assets for key, group in definition.group_names_by_key.items()}
    deps = {key: parents for definition in assets for key, parents in definition.asset_deps.items()}
    return {parent for key, parents in deps.items() for parent in parents if groups.get(parent) == groups[key]}


def _gate(layer: str, suites: list[Suite], inner: set[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """One op for all suites of a layer; it fails as a whole where one of them does, so the next layer does not start.

    A check that blocks would also hold back its table's readers in the same layer, and so cut the layer's one dbt
    build into many; therefore only tables that no one in their layer reads carry the word.
    """
    tables = {asset_of(suite.table): suite for suite in suites}
    specs = [
        dg.AssetCheckSpec(
            "gate", asset=asset, blocking=asset not in inner, description=f"Great Expectations suite {suite.name}.yml"
        )
        for asset, suite in tables.items()
    ]

    @dg.multi_asset_check(name=f"{layer}_gate", specs=specs, can_subset=True)
    @without_values
    def gate(context: dg.AssetCheckExecutionContext, platform: Platform) -> Iterator[dg.AssetCheckResult]:
        wanted = sorted(tables[key.asset_key].table for key in context.selected_asset_check_keys)
        results = run_gate(
            platform.home,
            platform.con,
            platform.run,
            tables=wanted,
            accept_volume=platform.accept_volume,
            accept_changes=platform.accept_changes,
        )
        for result in results:
            status = "succeeded" if result.passed else "failed"
            runs.alert(platform.home, f"gate {result.suite}", status, platform.run.run_id)
            yield _as_check(result)
        if blocked := [result.table for result in results if not result.passed]:
            raise dg.Failure(f"The gate after {layer} blocks: {', '.join(blocked)}", allow_retries=False)

    return gate


def _as_check(result: GateResult) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset_of(result.table),
        check_name="gate",
        passed=result.severity is None,
        severity=dg.AssetCheckSeverity.WARN if result.passed else dg.AssetCheckSeverity.ERROR,
        metadata={
            "rows": result.rows or 0,
            "expectations": result.expectations_count,
            "failed": len(result.failed),
            "warned": len(result.warned),
            "findings": dg.MetadataValue.md("\n".join(f"- {line}" for line in result.lines()) or "none"),
        },
    )
