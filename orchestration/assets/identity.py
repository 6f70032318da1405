"""Identity: edges, clusters and the map of records to customers; and, where the truth is known, the score.

Belongs here: assets over identity/. Must not go here: matching.
Concept: linkage is a pipeline of artefacts, each with its own figures, not one black box.
"""

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import dagster as dg

from orchestration import runs
from orchestration.boundary import without_values
from orchestration.resources import Platform

COMPANIES = [dg.AssetKey(["conformed", "int_accounts"]), dg.AssetKey(["conformed", "int_account_members"])]
RECORDS = [dg.AssetKey(["conformed", "int_records"]), dg.AssetKey(["conformed", "int_identifiers"])]
DESCRIPTIONS = {
    "edges": "Pairs of records that are the same person, each with rule, weight in bits and evidence.",
    "cut_identifiers": "Identifiers shared by too many people to say who anyone is, and the cap that cut them.",
    "judgements": "What people decided about pairs of records, as this run found it, and what became of each verdict.",
    "blocking_rules": "Which pairs were proposed for scoring, by rule, and what was too much to propose.",
    "cut_blocks": "Blocks of records above their cap; when one crosses it, its records are compared again.",
    "record_faces": "A hash of all that a record's edges hang on; only records with another one are compared again.",
    "clusters": "Records grouped into people; the cluster id is internal and changes from run to run.",
    "identity_map": "Which customer each record belongs to, with ids that are minted once and kept.",
    "attachments": "By which edge each record hangs in its customer, and whether anything else would hold it.",
    "canary_scores": "How right this run's code and model are about invented people of whom the truth is known.",
    "run_changes": "What this run changed: ids created, joined, left, merged, split, retired, restored, known, judged.",
    "account_edges": "Pairs of company records that are one account, by domain or name, and what speaks against it.",
    "account_map": "Which account each company record belongs to, with ids that are minted once and kept.",
    "household_edges": "Pairs of customers who live together, by address, name and shared contact points.",
    "household_map": "Which household each known customer lives in; the customers themselves stay apart.",
    "cut_groups": "Domains, names, addresses and contact points shared by too many to say who belongs together.",
    "cut_group_members": "Who shares something of cut_groups, without the value.",
    "group_run_changes": "What this run changed about accounts and households: created, joined, left, merged, split.",
    "run_effect": "What this run changes about the published map, as one row of figures: the budgets are set on it.",
}


def identity_key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["identity", table])


def identity_assets() -> list[dg.AssetsDefinition]:
    return [
        edges,
        clusters,
        identity_map,
        attachments,
        canary_scores,
        groups,
        *([score] if os.environ.get("CDP_TRUTH") else []),
    ]


def _spec(table: str, deps: list[dg.AssetKey]) -> dg.AssetSpec:
    return dg.AssetSpec(
        identity_key(table),
        deps=deps,
        group_name="identity",
        description=DESCRIPTIONS[table],
        kinds={"duckdb", "splink"},
    )


EDGE_TABLES = ("edges", "cut_identifiers", "judgements", "blocking_rules", "cut_blocks", "record_faces")


@dg.multi_asset(specs=[_spec(table, RECORDS) for table in EDGE_TABLES])
@without_values
def edges(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from identity.resolve import score_edges

    score_edges(platform.home, platform.con, as_of=platform.run.as_of)
    kinds = platform.con.execute("select kind, count(*) from identity.edges group by kind").fetchall()
    cut = platform.con.execute("select count(*) from identity.cut_identifiers").fetchall()[0][0]
    outcomes = platform.con.execute("select outcome, count(*) from identity.judgements group by outcome").fetchall()
    proposed = platform.con.execute("select rule, pairs_count from identity.blocking_rules where pairs_count > 0")
    yield dg.MaterializeResult(identity_key("edges"), metadata={f"{kind} edges": count for kind, count in kinds})
    yield dg.MaterializeResult(identity_key("cut_identifiers"), metadata={"dagster/row_count": cut})
    yield dg.MaterializeResult(identity_key("judgements"), metadata=dict(outcomes))
    yield dg.MaterializeResult(identity_key("blocking_rules"), metadata=dict(proposed.fetchall()))
    yield dg.MaterializeResult(identity_key("cut_blocks"))
    yield dg.MaterializeResult(identity_key("record_faces"))


@dg.multi_asset(specs=[_spec("clusters", [identity_key("edges")])])
@without_values
def clusters(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from identity.resolve import make_clusters

    make_clusters(platform.con)
    yield dg.MaterializeResult(identity_key("clusters"))


@dg.multi_asset(
    specs=[_spec(table, [identity_key("clusters")]) for table in ("identity_map", "run_changes", "run_effect")]
)
@without_values
def identity_map(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from identity.resolve import assign_ids, summarise

    assign_ids(platform.home, platform.con, platform.run)
    summary = asdict(summarise(platform.con))
    changes = summary.pop("changes")
    runs.note(platform.home, platform.run.run_id, identity=summary, identity_changes=changes)
    known = {name: value for name, value in summary.items() if value is not None}
    yield dg.MaterializeResult(identity_key("identity_map"), metadata=known)
    yield dg.MaterializeResult(identity_key("run_changes"), metadata=changes)
    yield dg.MaterializeResult(identity_key("run_effect"))


@dg.multi_asset(specs=[_spec("attachments", [identity_key("edges"), identity_key("identity_map")])])
@without_values
def attachments(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from identity.resolve import attach_records

    attach_records(platform.con)
    records, bridges = platform.con.execute(
        "select count(*), count(*) filter (is_bridge) from identity.attachments"
    ).fetchall()[0]
    yield dg.MaterializeResult(identity_key("attachments"), metadata={"dagster/row_count": records, "bridges": bridges})


@dg.multi_asset(specs=[_spec("canary_scores", [identity_key("edges")])])
@without_values
def canary_scores(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from identity.resolve import score_canary

    scores = score_canary(platform.home, platform.con)
    yield dg.MaterializeResult(identity_key("canary_scores"), metadata=scores or {"pair_f1": "no model is trained"})


GROUP_TABLES = (
    *("account_edges", "account_map", "household_edges", "household_map"),
    *("cut_groups", "cut_group_members", "group_run_changes"),
)


@dg.multi_asset(specs=[_spec(table, [*RECORDS, *COMPANIES, identity_key("identity_map")]) for table in GROUP_TABLES])
@without_values
def groups(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from identity.groups.resolve import resolve_groups

    counts = resolve_groups(platform.home, platform.con, platform.run)
    runs.note(platform.home, platform.run.run_id, groups=counts)
    changes = platform.con.execute(
        "select entity || ' ' || change_type, count(*) from identity.group_run_changes group by 1 order by 1"
    ).fetchall()
    for table in GROUP_TABLES:
        about = {name: count for name, count in counts.items() if table.endswith("_map") and table[:-4] in name}
        more = dict(changes) if table == "group_run_changes" else {}
        rows = platform.con.execute(f"select count(*) from identity.{table}").fetchall()[0][0]
        yield dg.MaterializeResult(identity_key(table), metadata={"dagster/row_count": rows, **about, **more})


@dg.asset(
    key=["identity", "score"],
    deps=[identity_key("identity_map"), identity_key("account_map"), identity_key("household_map")],
    group_name="identity",
    description="How right the identities are, against the truth in CDP_TRUTH. Nothing reads this.",
)
@without_values
def score(platform: Platform) -> dg.MaterializeResult:
    from identity.groups.score import score_groups
    from identity.watching.score import score_map

    truth = Path(os.environ["CDP_TRUTH"])
    records = _truth(truth, "records", "record_id", "person_id")
    scores = score_map(platform.con, records)
    groups = score_groups(
        platform.con,
        records,
        _truth(truth, "accounts", "account_record_id", "company_id"),
        _truth(truth, "households", "person_id", "household_id"),
    )
    runs.note(platform.home, platform.run.run_id, score=scores["persons"], group_scores=groups)
    scores |= groups
    figures = {f"{who} {name}": value for who, values in scores.items() for name, value in values.items()}
    return dg.MaterializeResult(metadata=figures)


def _truth(folder: Path, name: str, key: str, entity: str) -> str:
    file = str(folder / f"{name}.csv").replace("'", "''")
    columns = f"{{'{key}': 'varchar', '{entity}': 'varchar'}}"
    return f"read_csv('{file}', auto_detect = false, header = true, delim = ',', quote = '\"', columns = {columns})"
