"""Landing and raw: one asset per source's landing folder, one per raw table.

Belongs here: assets over ingestion/. Must not go here: reading files.
Concept: sources are declared beside their staging models; a new declaration is a new asset, with no Python.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingestion.declared import Source, declared_sources
from ingestion.landing import land
from ingestion.load import load
from orchestration import runs
from orchestration.boundary import without_values
from orchestration.resources import Platform

QUARANTINE = dg.AssetKey(["ingestion", "quarantine"])


def landing_key(source: str) -> dg.AssetKey:
    return dg.AssetKey(["landing", source])


def raw_key(source: str, table: str) -> dg.AssetKey:
    return dg.AssetKey([source, table])


def source_assets() -> list[dg.AssetsDefinition]:
    sources = declared_sources()
    return [_landing(sources), _raw(sources)]


def _landing(sources: list[Source]) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            landing_key(source.name),
            group_name="landing",
            description=f"Files of {source.name} as they came, each recorded with its sha256 before it is read.",
            owners=[f"team:{source.owner}"],
            kinds={"file"},
            skippable=True,
        )
        for source in sources
    ]

    @dg.multi_asset(name="landing", specs=specs, can_subset=True)
    @without_values
    def landing(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[dg.MaterializeResult]:
        for source in sources:
            if landing_key(source.name) in context.selected_asset_keys:
                landed = land(platform.home, sources=[source.name])
                yield dg.MaterializeResult(landing_key(source.name), metadata={"new files": len(landed)})

    return landing


def _raw(sources: list[Source]) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(
            raw_key(source.name, table.name),
            deps=[landing_key(source.name)],
            group_name="raw",
            description=table.description,
            owners=[f"team:{source.owner}"],
            kinds={"duckdb", "table"},
            metadata={"purpose": source.purpose, "party": source.party, "delivery": table.delivery},
            skippable=True,
        )
        for source in sources
        for table in source.tables
    ] + [_quarantine(sources)]

    @dg.multi_asset(name="raw", specs=specs, can_subset=True)
    @without_values
    def raw(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[dg.MaterializeResult]:
        selected = {(key.path[0], key.path[1]) for key in context.selected_asset_keys - {QUARANTINE}}
        summary = load(
            platform.home, platform.con, platform.run, tables=sorted(selected), accept_volume=platform.accept_volume
        )
        for warning in summary.warnings:
            context.log.warning(warning)
        runs.note(platform.home, platform.run.run_id, load=summary.as_dict())
        for source, table in sorted(selected):
            yield dg.MaterializeResult(raw_key(source, table), metadata=_counts(summary, source, table))
        if QUARANTINE in context.selected_asset_keys:
            yield dg.MaterializeResult(QUARANTINE, metadata={"new rows": summary.quarantined})

    return raw


def _quarantine(sources: list[Source]) -> dg.AssetSpec:
    return dg.AssetSpec(
        QUARANTINE,
        deps=[landing_key(source.name) for source in sources],
        group_name="raw",
        description="Rows that could not be loaded: the line, the reason and the place; `cdp replay` tries again.",
        kinds={"duckdb", "table"},
        skippable=True,
    )


def _counts(summary: Any, source: str, table: str) -> dict[str, int]:
    counts = summary.of(source, table)
    return {
        "dagster/row_count": counts.rows_in_table,
        "files": counts.files,
        "received": counts.received,
        "loaded": counts.loaded,
        "quarantined": counts.quarantined,
        "duplicate": counts.duplicate,
    }
