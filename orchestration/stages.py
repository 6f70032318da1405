"""The stages of a run in order, as plain functions: what Dagster wraps, and what the fault tests kill.

Belongs here: the order, and which room does each stage. Must not go here: Dagster, or how a stage does its work.
Concept: landing → raw → staging → conformed → identity → profiles → segments → activation → published.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ingestion.load import LoadSummary, load
from publishing.publish import Published, publish

from expectations.gate import GateResult, run_gate
from warehouse.connection import connect
from warehouse.dbt import invoke, run_dbt
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.run import RunContext, begin_run

DBT_LAYERS = ("staging", "conformed", "identity", "profiles", "segments", "activation")
GATED_LAYERS = ("raw", "staging", "conformed", "identity", "profiles", "segments")
# Unit tests prove logic on made-up rows: they belong to `make test`, not to a production run.
BUILD = ("build", "--exclude-resource-type", "unit_test")


def layer_selection(layer: str) -> list[str]:
    """dbt's selection of a layer; the reference seeds are built with staging, the first that may need them."""
    return [f"path:models/{layer}", *(["resource_type:seed"] if layer == "staging" else [])]


def load_sources(home: Home, run: RunContext, **options: Any) -> LoadSummary:
    con = connect(home)
    try:
        return load(home, con, run, **options)
    finally:
        con.close()


def build_layer(home: Home, layer: str, on_event: Callable[[Any], None] | None = None) -> None:
    run_dbt(home, [*BUILD, "--select", *layer_selection(layer)], on_event)


def resolve_identities(home: Home, run: RunContext) -> Any:
    from identity.resolve import resolve

    con = connect(home)
    try:
        return resolve(home, con, run)
    finally:
        con.close()


def gate_layer(home: Home, run: RunContext, layer: str) -> list[GateResult]:
    con = connect(home)
    try:
        return run_gate(home, con, run, layer=layer)
    finally:
        con.close()


def publish_generation(home: Home, run: RunContext) -> Published:
    con = connect(home)
    try:
        return publish(home, con, run)
    finally:
        con.close()


def run_all(home: Home, run: RunContext | None = None) -> Iterator[str]:
    """Every stage in order, yielding the name of each when it is done. Raises at the first gate that blocks."""
    run = run or begin_run(home)
    load_sources(home, run)
    yield "load"
    yield _gated(home, run, "raw")
    for layer in DBT_LAYERS:
        if layer == "identity":
            resolve_identities(home, run)
            yield "resolve"
        build_layer(home, layer)
        yield f"build {layer}"
        if layer in GATED_LAYERS:
            yield _gated(home, run, layer)
    publish_generation(home, run)
    yield "publish"


def _gated(home: Home, run: RunContext, layer: str) -> str:
    blocked = [result for result in gate_layer(home, run, layer) if not result.passed]
    if blocked:
        raise CdpError(
            f"The gate after {layer} blocks: {', '.join(result.table for result in blocked)}",
            remedy="`cdp status` lists what failed; published data is untouched.",
        )
    return f"gate {layer}"


__all__ = [
    "BUILD",
    "DBT_LAYERS",
    "GATED_LAYERS",
    "build_layer",
    "gate_layer",
    "invoke",
    "load_sources",
    "publish_generation",
    "run_all",
]
