"""The published generation, and the report on it: the last assets of a run.

Belongs here: the asset over publishing/. Must not go here: building or verifying it.
Concept: whatever Dagster did or did not run, publishing itself refuses what has not passed its gates.
"""

import dagster as dg

from orchestration import runs
from orchestration.boundary import without_values
from orchestration.project import manifest
from orchestration.resources import Platform
from publishing.publish import publish
from reporting.write import write_report

GENERATION = dg.AssetKey(["published", "generation"])
REPORT = dg.AssetKey(["published", "report"])


def published_assets() -> list[dg.AssetsDefinition]:
    return [_generation(), _report()]


def _generation() -> dg.AssetsDefinition:
    @dg.asset(
        key=GENERATION,
        deps=_public_models(),
        group_name="published",
        description="An immutable, verified copy of every public model, masked; readers follow the link.",
        kinds={"duckdb"},
    )
    @without_values
    def generation(platform: Platform) -> dg.MaterializeResult:
        published = publish(platform.home, platform.con, platform.run)
        runs.note(platform.home, platform.run.run_id, published=published.rows)
        runs.end(platform.home, platform.run.run_id, succeeded=True, generation=published.generation)
        return dg.MaterializeResult(
            metadata={
                "generation": published.generation,
                "tables": len(published.rows),
                "dagster/row_count": sum(published.rows.values()),
                "path": dg.MetadataValue.path(str(published.path)),
            }
        )

    return generation


def _report() -> dg.AssetsDefinition:
    @dg.asset(
        key=REPORT,
        deps=[GENERATION],
        group_name="published",
        description="One page on the generation: customers, data quality, segments, service and outcomes.",
        kinds={"html"},
    )
    @without_values
    def report(platform: Platform) -> dg.MaterializeResult:
        path = write_report(platform.home)
        return dg.MaterializeResult(
            metadata={"path": dg.MetadataValue.path(str(path)), "open": dg.MetadataValue.url(path.as_uri())}
        )

    return report


def _public_models() -> list[dg.AssetKey]:
    nodes = manifest()["nodes"].values()
    return [
        dg.AssetKey([node["schema"], node["name"]])
        for node in nodes
        if node.get("config", {}).get("access") == "public"
    ]
