"""Why records are one customer: the path of evidence between them, the weakest bridge, what would break it.

Belongs here: reading one customer's graph from a generation, and the answer as data. Must not go here: why two
customers are two (apart.py), whom a question names (targets.py), printing (cli/), pages (explain_page.py).
Concept: an edge explains itself (evidence.py); a customer is explained by the edges that hold it (bridges.py). Only the
edges of the customers asked about are read: a generation keeps them in order of customer.

The connection has a generation attached as published, restricted and activation (publishing/read.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from identity.explaining.bridges import Hung, Link, Node, beneath, best_path, crossing, hang, parts
from identity.explaining.evidence import Edge, prior_of, supports_of, weight_without
from identity.explaining.phrases import bits_in_words
from identity.explaining.targets import Target
from identity.roles import Roles, platform_roles

PRIOR_EDGES = 200
COLUMNS = "record_id_l, record_id_r, kind, rule, match_weight, evidence, is_cut, cut_reason"
# A pair may have a verdict beside the model's edge.
STRONGEST = """
    and not is_cut qualify row_number() over (partition by record_id_l, record_id_r order by match_weight desc) = 1
"""


@dataclass(frozen=True)
class Break:
    """Something without which the customer falls apart: edges, or every use of a field. parts: the largest first."""

    edges: tuple[Edge, ...]
    field: str | None
    parts: tuple[tuple[str, ...], ...]

    @property
    def weight(self) -> float:
        """Bits of the strongest of the edges: all of them have to go."""
        return max(edge.weight for edge in self.edges)


@dataclass(frozen=True)
class Together:
    """Why some records are one customer.

    answer: the plain answer in one sentence. edges: the path from the first asked to the second, or, where a whole
    customer was asked about, its strongest tree from the root down. prior: bits of two records drawn at random, None
    without a model. weakest: where the customer holds least, None for one record. bridges: every edge whose removal
    alone splits it, the weakest first. fields: every field without which it splits.
    """

    customer_id: str
    records: tuple[str, ...]
    answer: str
    is_path: bool
    edges: tuple[Edge, ...]
    prior: float | None
    weakest: Break | None
    bridges: tuple[Break, ...]
    fields: tuple[Break, ...]


def explain_together(
    con: duckdb.DuckDBPyConnection, a: Target, b: Target | None = None, roles: Roles | None = None
) -> Together:
    """Why a, or a and b, which belong to one customer, are one.

    A record without b is explained from the customer's first record; customers without records, by the whole tree.
    """
    records, edges = _records(con, a), edges_of(con, [a.customer_id])
    links = [(edge.left, edge.right, edge.weight) for edge in edges]
    hung = hang(records, links)
    ends = (b.records if b else frozenset()) or frozenset(records[:1])
    is_path = bool(a.records and not (b is None and a.records == ends)) or bool(b and b.records)
    starts = a.records or frozenset(records[:1])
    path = best_path(links, starts, ends) if is_path else [one.link for one in hung]
    shown = tuple(edges[place] for place in path or ())
    prior = read_prior(con)
    return Together(
        customer_id=a.customer_id,
        records=tuple(records),
        answer=_answer(a, b, records, shown, is_path, path),
        is_path=is_path,
        edges=shown,
        prior=prior,
        weakest=_weakest(records, edges, links, hung),
        bridges=_bridges(records, edges, hung),
        fields=_fields(records, edges, prior, roles or platform_roles()),
    )


def edges_of(con: duckdb.DuckDBPyConnection, customers: Sequence[str]) -> list[Edge]:
    """The strongest edge of each pair within one customer, cut ones left out; with two, every edge between the one and
    the other."""
    same = len(customers) == 1
    rows = con.execute(
        f"select {COLUMNS} from activation.main.int_customer_edges "
        "where customer_id_l in ($first, $last) and customer_id_r in ($first, $last) "
        f"and (customer_id_l = customer_id_r) = $same {STRONGEST if same else ''} order by record_id_l, record_id_r",
        {"first": customers[0], "last": customers[-1], "same": same},
    ).fetchall()
    return [Edge(*row) for row in rows]


def read_prior(con: duckdb.DuckDBPyConnection) -> float | None:
    """The model's prior in bits, read back from some of the generation's own edges; None where nothing was scored."""
    rows = con.execute(
        f"select {COLUMNS} from activation.main.int_customer_edges "
        f"where kind = 'probabilistic' and not is_cut limit {PRIOR_EDGES}"
    ).fetchall()
    return prior_of(Edge(*row) for row in rows)


def _records(con: duckdb.DuckDBPyConnection, target: Target) -> list[str]:
    """The customer's records and devices, its first record first; a customer of one record has no explanations."""
    rows = con.execute(
        "select record_id from published.main.identity_explanations where customer_id = $id "
        "order by attached_to_record_id is not null, is_device, record_id",
        {"id": target.customer_id},
    ).fetchall()
    return [row[0] for row in rows] or sorted(target.records)


def _answer(
    a: Target, b: Target | None, records: Sequence[str], edges: Sequence[Edge], is_path: bool, path: list[int] | None
) -> str:
    one = f"one customer, {a.customer_id}"
    if len(records) < 2:
        return f"{a.customer_id} is one record: nothing had to be put together."
    other = b.label if b else records[0]
    if is_path and path is None:
        return f"{a.label} and {other} are {one}, but no evidence leads from the one to the other."
    if not edges:
        return f"{a.label} and {other} are {one}: one and the same record carries both."
    weakest = bits_in_words(min(edge.weight for edge in edges))
    if is_path and len(edges) == 1:
        return f"{a.label} and {other} are {one}: an edge joins them ({weakest})."
    if is_path:
        way = f"{len(edges)} edges lead from the one to the other"
        return f"{a.label} and {other} are {one}: {way}, the weakest of {weakest}."
    return f"{a.customer_id} is {len(records)} records, held together by {len(edges)} edges, the weakest of {weakest}."


def _weakest(records: Sequence[str], edges: Sequence[Edge], links: list[Link], hung: Sequence[Hung]) -> Break | None:
    """The split whose strongest edge is the weakest there is; a bridge, or several edges that would all have to go."""
    if not hung:
        return None
    weakest = min(hung, key=lambda one: (edges[one.link].weight, one.node))
    side = beneath(hung, weakest.node)
    gone = {weakest.link, *crossing(links, side)}
    return Break(
        tuple(sorted((edges[place] for place in gone), key=lambda edge: -edge.weight)), None, _sides(records, side)
    )


def _bridges(records: Sequence[str], edges: Sequence[Edge], hung: Sequence[Hung]) -> tuple[Break, ...]:
    found = [Break((edges[one.link],), None, _sides(records, beneath(hung, one.node))) for one in hung if one.is_bridge]
    return tuple(sorted(found, key=lambda broken: (broken.weight, broken.parts)))


def _sides(records: Sequence[str], side: set[Node]) -> tuple[tuple[str, ...], ...]:
    two = (tuple(r for r in records if r not in side), tuple(r for r in records if r in side))
    return tuple(sorted(two, key=lambda part: -len(part)))


def _fields(records: Sequence[str], edges: Sequence[Edge], prior: float | None, roles: Roles) -> tuple[Break, ...]:
    """By field: would the edges that remain still hold the customer, if nobody had the field?"""
    supports = [supports_of(edge, roles) for edge in edges]
    found = []
    for field in sorted(set().union(*supports)):
        left = [(edge.left, edge.right, weight_without(edge, field, prior, roles)) for edge in edges]
        pieces = parts(records, left)
        if len(pieces) > 1:
            used = tuple(edge for edge, names in zip(edges, supports, strict=True) if field in names)
            found.append(Break(used, field, tuple(map(tuple, pieces))))
    return tuple(sorted(found, key=lambda broken: (-len(broken.parts), broken.field)))
