"""The whole of identity in one call, and its stages for whoever wires them one by one.

Belongs here: the order of the stages and the summary. Must not go here: how any of them works.
Concept: each stage reads finished tables and writes finished tables, so each can be run again alone, from zero.
"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from identity.clustering.clusters import make_clusters
from identity.explaining.attachments import attach_records
from identity.ids.assign import assign_ids
from identity.matching.edges import score_edges
from identity.roles import Roles
from identity.watching.canary import score_canary
from warehouse.home import Home
from warehouse.run import RunContext

__all__ = [
    "IdentitySummary", "assign_ids", "attach_records", "make_clusters", "resolve", "score_canary", "score_edges",
    "summarise",
]  # fmt: skip


@dataclass(frozen=True)
class IdentitySummary:
    """A run's identity in numbers; largest_cluster counts person records, not devices."""

    records: int
    devices: int
    deterministic_edges: int
    probabilistic_edges: int
    judged_edges: int
    cut_identifiers: int
    customers: int
    visitors: int
    largest_cluster: int
    changes: dict[str, int]
    model_version: str | None


def resolve(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    run: RunContext,
    progress: Callable[[str], None] | None = None,
    roles: Roles | None = None,
    cut_weight: float | None = None,
) -> IdentitySummary:
    """Edges, clusters, ids and changes, from conformed.int_records and conformed.int_identifiers."""
    tell = progress or (lambda _: None)
    score_edges(home, con, roles, tell, as_of=run.as_of)
    tell("clustering")
    make_clusters(con, roles, cut_weight=cut_weight)
    tell("assigning ids")
    assign_ids(home, con, run, roles)
    return summarise(con)


def summarise(con: duckdb.DuckDBPyConnection) -> IdentitySummary:
    """The numbers of what stands in the warehouse now."""
    records, devices, customers, known, largest = con.execute("""
        with customers as (
            select
                count(*) filter (where not is_device) as records_count,
                count(*) filter (where is_device) as devices_count
            from identity.identity_map
            group by customer_id
        )
        select
            coalesce(sum(records_count), 0)::bigint, coalesce(sum(devices_count), 0)::bigint, count(*),
            count(*) filter (where records_count > 0), coalesce(max(records_count), 0)
        from customers
    """).fetchall()[0]
    kinds = dict(con.execute("select kind, count(*) from identity.edges group by kind").fetchall())
    versions = con.execute("select max(model_version) from identity.edges").fetchall()
    return IdentitySummary(
        records=records,
        devices=devices,
        deterministic_edges=kinds.get("deterministic", 0),
        probabilistic_edges=kinds.get("probabilistic", 0),
        judged_edges=kinds.get("judgement", 0),
        cut_identifiers=con.execute("select count(*) from identity.cut_identifiers").fetchall()[0][0],
        customers=known,
        visitors=customers - known,
        largest_cluster=largest,
        changes=dict(
            con.execute("select change_type, count(*) from identity.run_changes group by 1 order by 1").fetchall()
        ),
        model_version=versions[0][0],
    )
