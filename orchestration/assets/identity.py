"""Identity: edges, clusters and the map of records to customers; and, where the truth is known, the score.

Belongs here: assets over identity/. Must not go here: matching.
Concept: linkage is a pipeline of artefacts, each with its own figures, not one black box.
"""

import os
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import runs
from orchestration.resources import Platform
from warehouse.connection import connect

RECORDS = [dg.AssetKey(["conformed", "int_records"]), dg.AssetKey(["conformed", "int_identifiers"])]
DESCRIPTIONS = {
    "edges": "Pairs of records that are the same person, each with rule, weight in bits and evidence.",
    "cut_identifiers": "Identifiers shared by too many people to say who anyone is, and the cap that cut them.",
    "clusters": "Records grouped into people; the cluster id is internal and changes from run to run.",
    "identity_map": "Which customer each record belongs to, with ids that are minted once and kept.",
    "run_changes": "What this run changed: customers created, joined, left, merged, split, retired, become known.",
}


def identity_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["identity", table])


def identity_assets() -> list[dg.AssetsDefinition]:
    return [edges, clusters, identity_map, *([score] if os.environ.get("CDP_TRUTH") else [])]


def _spec(table: str, deps: list[dg.AssetKey]) -> dg.AssetSpec:
    return dg.AssetSpec(
        identity_key(table),
        deps=deps,
        group_name="identity",
        description=DESCRIPTIONS[table],
        kinds={"duckdb", "splink"},
    )


@dg.multi_asset(specs=[_spec("edges", RECORDS), _spec("cut_identifiers", RECORDS)])
def edges(platform: Platform) -> Any:
    from identity.resolve import score_edges

    figures = _stage(platform, score_edges)
    yield dg.MaterializeResult(identity_key("edges"), metadata=figures)
    yield dg.MaterializeResult(identity_key("cut_identifiers"))


@dg.multi_asset(specs=[_spec("clusters", [identity_key("edges")])])
def clusters(platform: Platform) -> Any:
    from identity.resolve import cluster

    yield dg.MaterializeResult(identity_key("clusters"), metadata=_stage(platform, cluster))


@dg.multi_asset(
    specs=[_spec("identity_map", [identity_key("clusters")]), _spec("run_changes", [identity_key("clusters")])],
)
def identity_map(platform: Platform) -> Any:
    from identity.resolve import assign_ids

    figures = _stage(platform, assign_ids)
    yield dg.MaterializeResult(identity_key("identity_map"), metadata=figures)
    yield dg.MaterializeResult(identity_key("run_changes"))


@dg.asset(
    key=["identity", "score"],
    deps=[identity_key("identity_map")],
    group_name="identity",
    description="How right the identities are, against the truth in CDP_TRUTH. Nothing reads this.",
)
def score(platform: Platform) -> dg.MaterializeResult:
    from identity.score import score_run

    con = connect(platform.home)
    figures = score_run(con, Path(os.environ["CDP_TRUTH"]))
    con.close()
    runs.note(platform.home, platform.run.run_id, score=figures)
    return dg.MaterializeResult(metadata=figures)


def _stage(platform: Platform, stage: Any) -> dict[str, Any]:
    con = connect(platform.home)
    figures = stage(platform.home, con, platform.run)
    con.close()
    runs.note(platform.home, platform.run.run_id, **{f"identity_{stage.__name__}": figures})
    return figures
