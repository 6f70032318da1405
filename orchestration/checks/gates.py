"""One op of Great Expectations gates after every layer; each suite is a blocking check on its table.

Belongs here: suites as asset checks. Must not go here: expectations, or running them.
Concept: only counts reach Dagster; never a value.
"""

from collections.abc import Iterator

import dagster as dg

from expectations.gate import GateResult, run_gate
from expectations.suites import Suite, load_suites
from orchestration import runs
from orchestration.resources import Platform
from warehouse.connection import connect


def gate_checks() -> list[dg.AssetChecksDefinition]:
    by_layer: dict[str, list[Suite]] = {}
    for suite in load_suites():
        by_layer.setdefault(suite.layer, []).append(suite)
    return [_gate(layer, suites) for layer, suites in by_layer.items()]


def asset_of(suite: Suite) -> dg.AssetKey:
    """A raw table's asset is named after its source: raw.hubspot__contacts is [hubspot, contacts]."""
    return dg.AssetKey(suite.table.split("__", 1) if suite.layer == "raw" else [suite.layer, suite.table])


def _gate(layer: str, suites: list[Suite]) -> dg.AssetChecksDefinition:
    by_asset = {asset_of(suite): suite for suite in suites}
    specs = [
        dg.AssetCheckSpec("gate", asset=asset, blocking=True, description=f"Great Expectations suite {suite.name}.yml")
        for asset, suite in by_asset.items()
    ]

    @dg.multi_asset_check(name=f"{layer}_gate", specs=specs, can_subset=True)
    def gate(context: dg.AssetCheckExecutionContext, platform: Platform) -> Iterator[dg.AssetCheckResult]:
        wanted = {by_asset[key.asset_key].table for key in context.selected_asset_check_keys}
        con = connect(platform.home)
        results = run_gate(platform.home, con, platform.run, layer=layer, tables=sorted(wanted))
        con.close()
        for result in results:
            runs.alert(
                platform.home, f"gate {result.suite}", "succeeded" if result.passed else "failed", platform.run.run_id
            )
            yield _as_check(layer, result)

    return gate


def _as_check(layer: str, result: GateResult) -> dg.AssetCheckResult:
    key = dg.AssetKey(result.table.split("__", 1) if layer == "raw" else [layer, result.table])
    return dg.AssetCheckResult(
        asset_key=key,
        check_name="gate",
        passed=result.passed and not result.warned,
        severity=dg.AssetCheckSeverity.WARN if result.passed else dg.AssetCheckSeverity.ERROR,
        metadata={
            "expectations": result.expectations_count,
            "failed": len(result.failed),
            "warned": len(result.warned),
            "findings": dg.MetadataValue.md(
                "\n".join(f"- {line}" for line in [*result.failed, *result.warned]) or "none"
            ),
        },
    )
