"""Why two records, or two customers, are not one: the best edge between them, contradictions, and what was cut.

Belongs here: reading what lies between two customers of a generation, and the answer as data. Must not go here: why one
customer is one (explain.py), printing (cli/), pages (explain_page.py).
Concept: two groups are joined by what all the pairs between them say on average (clustering/linkage.py), so the best
edge alone decides nothing; what is declared exclusive never merges; a shared value that was cut says nothing.

The connection has a generation attached as published, restricted and activation (publishing/read.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from identity.clustering.clusters import CLIPPED_AT_WEIGHT, CUT_EDGE_WEIGHT, MISSING_WEIGHT
from identity.explaining.evidence import Edge
from identity.explaining.explain import edges_of, read_prior
from identity.explaining.phrases import bits_in_words, field_name, figure, listed
from identity.explaining.targets import Target
from identity.matching.edges import KEPT_FROM_WEIGHT
from identity.roles import Roles, platform_roles

SHARED = """
with carried as (
    select distinct
        customer_id, identifier_type, identifier_value, blocked_reason, is_device,
        $a_records = [] or list_contains($a_records, record_id) as is_a,
        $b_records = [] or list_contains($b_records, record_id) as is_b
    from published.main.customer_identities
    where customer_id in ($a, $b)
)
select
    l.identifier_type, l.identifier_value, max(l.blocked_reason),
    -- not shared by two records: on the one side or the other only devices carry it
    bool_and(l.is_device or r.is_device)
from carried as l
join carried as r using (identifier_type, identifier_value)
where l.customer_id = $a and r.customer_id = $b and l.is_a and r.is_b
group by l.identifier_type, l.identifier_value
order by all
"""
# The value itself is looked up only where something is shared, and goes no further than this query.
CUT = """
select cut.reason, cut.records_count, cut.cap
from restricted.main.customer_identities as raw
join published.main.customer_identities as masked using (customer_id, record_id, identifier_type, identifier_ordinal)
join activation.main.cut_identifiers as cut
    on raw.identifier_type = cut.identifier_type and raw.identifier_value = cut.identifier_value_std
where raw.customer_id = $customer and masked.customer_id = $customer
    and masked.identifier_type = $type and masked.identifier_value = $masked
limit 1
"""
# A device with several users is cut by its own id, and with it all that it saw.
SHARED_DEVICE = """
select cut.reason, cut.records_count, cut.cap
from published.main.customer_identities as seen
join restricted.main.customer_identities as own using (customer_id, record_id)
join activation.main.cut_identifiers as cut
    on own.identifier_type = cut.identifier_type and own.identifier_value = cut.identifier_value_std
where seen.customer_id in ($a, $b) and own.customer_id in ($a, $b) and seen.is_device
    and seen.identifier_type = $type and seen.identifier_value = $masked and own.identifier_type = 'anonymous_id'
limit 1
"""
EXCLUSIVE = """
with held as (
    select customer_id, list(distinct identifier_value) as held
    from published.main.customer_identities
    where customer_id in ($a, $b) and identifier_type = $type and not is_device
        and blocked_reason is null
    group by customer_id
)
select 1
from held as l
join held as r on l.customer_id = $a and r.customer_id = $b
where not list_has_any(l.held, r.held)
"""


@dataclass(frozen=True)
class Apart:
    """Why two sides are two.

    answer: the plain answer. edge: the one between the two records asked about, or the strongest between the customers;
    None where no rule proposed any pair. reasons: each a plain sentence. mean_weight: bits of all pairs between the two
    customers on average, as clustering counts them; lacking_bits: what is missing to the cut, 0 where something else
    than weight keeps them apart.
    """

    customer_ids: tuple[str, str]
    answer: str
    edge: Edge | None
    reasons: tuple[str, ...]
    prior: float | None
    pairs_count: int
    mean_weight: float
    lacking_bits: float


def explain_apart(con: duckdb.DuckDBPyConnection, a: Target, b: Target, roles: Roles | None = None) -> Apart:
    """Why a and b, which belong to two customers, are not one."""
    edges = edges_of(con, [a.customer_id, b.customer_id])
    asked = [edge for edge in edges if _is_asked(edge, a, b)]
    pairs = _size(con, a.customer_id) * _size(con, b.customer_id)
    mean = MISSING_WEIGHT + sum(_counted(edge) - MISSING_WEIGHT for edge in edges) / pairs
    best = max(asked or edges, key=lambda edge: (not edge.is_cut, edge.weight), default=None)
    return Apart(
        customer_ids=(a.customer_id, b.customer_id),
        answer=f"{a.label} and {b.label} are two customers{_which(a, b)}.",
        edge=best,
        reasons=(
            *_edge_reasons(a, b, edges, asked),
            *_shared_reasons(con, a, b, bool(asked if a.records and b.records else edges)),
            *_account_reasons(con, a, b, roles),
        ),
        prior=read_prior(con),
        pairs_count=pairs,
        mean_weight=mean,
        lacking_bits=max((roles or platform_roles()).cut_weight - mean, 0.0),
    )


def _is_asked(edge: Edge, a: Target, b: Target) -> bool:
    """Is this edge between the very records that were asked about?"""
    ends = {edge.left, edge.right}
    return bool(a.records and b.records and ends & a.records and ends & b.records)


def _which(a: Target, b: Target) -> str:
    return f", {a.customer_id} and {b.customer_id}" if a.records or b.records else ""


def _size(con: duckdb.DuckDBPyConnection, customer_id: str) -> int:
    """Records and devices of a customer; one that has no explanations is one."""
    rows = con.execute(
        "select count(*) from published.main.identity_explanations where customer_id = $id", {"id": customer_id}
    ).fetchall()
    return max(rows[0][0], 1)


def _counted(edge: Edge) -> float:
    return CUT_EDGE_WEIGHT if edge.is_cut else max(min(edge.weight, CLIPPED_AT_WEIGHT), MISSING_WEIGHT)


def _edge_reasons(a: Target, b: Target, edges: Sequence[Edge], asked: Sequence[Edge]) -> list[str]:
    found = []
    if a.records and b.records and edges and not asked:
        found.append("No edge between the two; the edges are between other records of the two customers.")
    if not edges:
        found.append("No edge between the two customers: no rule proposed a pair, or none was worth keeping.")
    if judged := [edge for edge in edges if edge.rule == "judged_different"]:
        found.append(f"Judged by a person to be different people: {_pairs(judged)}.")
    if cut := [edge for edge in edges if edge.is_cut and edge.rule != "judged_different"]:
        why = listed(sorted({edge.cut_reason or "no reason was kept" for edge in cut}))
        found.append(f"Against it, since {why}: {_pairs(cut)}, counted as {figure(CUT_EDGE_WEIGHT)} bits each.")
    if free := [edge for edge in edges if not edge.is_cut]:
        best = max(edge.weight for edge in free)
        found.append(f"For it: {_pairs(free)}, at most {bits_in_words(best)}.")
    return found


def _pairs(edges: Sequence[Edge]) -> str:
    if len(edges) > 1:
        return f"{len(edges)} pairs of records"
    return f"{edges[0].left} and {edges[0].right}"


def _shared_reasons(con: duckdb.DuckDBPyConnection, a: Target, b: Target, has_edge: bool) -> list[str]:
    """What both carry although it joins nothing. has_edge: then a value that was not cut is in the edge's evidence."""
    given = {"a": a.customer_id, "b": b.customer_id}
    asked = given | {"a_records": sorted(a.records), "b_records": sorted(b.records)}
    found = []
    for kind, masked, blocked, is_device in con.execute(SHARED, asked).fetchall():
        value = {"type": kind, "masked": masked}
        cut = con.execute(CUT, value | {"customer": a.customer_id}).fetchall()
        if not cut and is_device:
            cut = con.execute(SHARED_DEVICE, value | given).fetchall()
        if blocked:
            why = f"it is blocked: {blocked}"
        elif cut:
            reason, count, cap = cut[0]
            why = f"it was cut: {reason} ({count:,}, where {cap:,} may)"
        elif is_device:
            why = "only on a device, whose user id alone makes an edge"
        elif not has_edge:
            why = f"the rest speaks so much against it (below {figure(KEPT_FROM_WEIGHT)} bits) that no edge was kept"
        else:
            continue
        found.append(f"Both carry the same {field_name(kind)}, but {why}.")
    return found


def _account_reasons(con: duckdb.DuckDBPyConnection, a: Target, b: Target, roles: Roles | None) -> list[str]:
    found = []
    for kind in (roles or platform_roles()).exclusive:
        given = {"a": a.customer_id, "b": b.customer_id, "type": kind}
        if con.execute(EXCLUSIVE, given).fetchall():
            found.append(f"Each has a {field_name(kind)} of its own, and none in common: such never merge.")
    return found
