"""The stages of a run in order, as plain functions: what Dagster wraps, and what the fault tests kill.

Belongs here: the order, and which room does each stage. Must not go here: Dagster, or how a stage does its work.
Concept: landing → raw → staging → conformed → identity → scoring → profiles → segments → activation → measures →
published.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import duckdb

from expectations.gate import run_gate
from expectations.results import require_passed
from governance.consent_ledger import merge_consents
from ingestion.landing import land
from ingestion.load import load
from publishing.flip import janitor
from publishing.previous import attach_previous
from publishing.publish import publish
from warehouse.connection import connect
from warehouse.dbt import DBT_PROJECT, run_dbt
from warehouse.home import Home
from warehouse.lock import run_lock
from warehouse.run import RunContext, begin_run

DBT_LAYERS = ("staging", "conformed", "identity", "profiles", "segments", "activation", "measures")
# Unit tests prove logic on made-up rows: they belong to `make test`, not to a production run.
BUILD = ("build", "--exclude-resource-type", "unit_test")


def built_layers() -> list[str]:
    """The layers that have models; activation has none before the first destination."""
    return [layer for layer in DBT_LAYERS if any((DBT_PROJECT / "models" / layer).glob("**/*.sql"))]


def layer_selection(layer: str) -> list[str]:
    """dbt's selection of a layer; the reference seeds are built with staging, the first that may need them."""
    return [f"config.schema:{layer}", *(["resource_type:seed"] if layer == "staging" else [])]


def run_all(home: Home) -> Iterator[str]:
    """Every stage in order, yielding the name of each when it begins. Raises at the first gate that blocks."""
    with run_lock(home):
        janitor(home)
        con = connect(home)
        attach_previous(con, home)
        run = begin_run(home)
        for name, stage in _stages(home, con, run):
            yield name
            stage()
        con.close()


def _stages(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext) -> Iterator[tuple[str, Callable[[], Any]]]:
    from identity.groups.resolve import resolve_groups
    from identity.resolve import assign_ids, attach_records, make_clusters, score_canary, score_edges
    from scoring.tables import score_customers

    yield "land", lambda: land(home)
    yield "load", lambda: load(home, con, run)
    yield "gate raw", partial(_gate, home, con, run, "raw")
    for layer in built_layers():
        if layer == "identity":
            yield "merge consents", lambda: merge_consents(home, con)
            yield "edges", lambda: score_edges(home, con, as_of=run.as_of)
            yield "cluster", lambda: make_clusters(con)
            yield "assign ids", lambda: assign_ids(home, con, run)
            yield "attach records", lambda: attach_records(con)
            yield "resolve groups", lambda: resolve_groups(home, con, run)
            yield "score canary", lambda: score_canary(home, con)
        if layer == "profiles":
            yield "score customers", lambda: score_customers(con, run)
            yield "gate scoring", partial(_gate, home, con, run, "scoring")
        yield f"build {layer}", partial(run_dbt, home, [*BUILD, "--select", *layer_selection(layer)])
        yield f"gate {layer}", partial(_gate, home, con, run, layer)
    yield "publish", lambda: publish(home, con, run)


def _gate(home: Home, con: duckdb.DuckDBPyConnection, run: RunContext, layer: str) -> None:
    require_passed(run_gate(home, con, run, layer=layer))
