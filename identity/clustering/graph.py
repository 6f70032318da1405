"""A graph of any size: what is plain is settled at once, the rest goes to the linkage some components at a time.

Belongs here: pure functions over arrays of integers. Must not go here: SQL, the linkage itself (linkage.py).
Concept: two groups merge only where some edge speaks for it, so no cluster reaches across a component of such edges.
Most components leave nothing to weigh: they are held by must-links alone, all pairs in them agree, or any one edge is
enough to join what lies on either side of it. Of a component in which a verdict or two exclusive values could forbid
anything, the linkage decides.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from identity.clustering.linkage import Held, Pair, cluster

Integers = NDArray[np.signedinteger[Any]]
Truths = NDArray[np.bool_]
# So many nodes are handed to the linkage at once; a larger component goes by itself.
NODES_AT_ONCE = 50_000


@dataclass(frozen=True)
class Graph:
    """Nodes 0..size-1 and what is between them.

    a, b, weight, must: the edges, each pair at most once; weights in hundredths of a bit; must: whether the pair
        is joined before any weight is asked.
    holder, kind, value: a row per exclusive value that a node holds, all as numbers.
    """

    size: int
    a: Integers
    b: Integers
    weight: Integers
    must: Truths
    holder: Integers
    kind: Integers
    value: Integers
    judged_same: Sequence[Pair] = ()
    cannot_link: Sequence[Pair] = ()


def cluster_graph(graph: Graph, *, cut: int, missing: int) -> Integers:
    """The cluster of each node, named by its smallest member: what linkage.cluster gives for the whole graph.

    cut, missing: as there.
    """
    # where silence is reason enough, any edge may be the one that brings two groups together
    speaks = (graph.weight >= cut) | graph.must if missing < cut else np.ones(len(graph.a), dtype=bool)
    same = np.array(graph.judged_same, dtype=np.int64).reshape(-1, 2)
    part = parts_of(
        graph.size, np.concatenate([graph.a[speaks], same[:, 0]]), np.concatenate([graph.b[speaks], same[:, 1]])
    )
    inside = np.flatnonzero(part[graph.a] == part[graph.b])
    is_whole = _held_by_must_links(graph, part) | _all_agree(graph, part, inside, cut)
    is_whole |= _any_edge_is_enough(graph, part, inside, cut, missing)
    is_whole &= ~_may_be_forbidden(graph, part)
    settled = is_whole | (np.bincount(part, minlength=len(is_whole)) == 1)
    named = np.where(is_whole[part], _smallest(part)[part], np.arange(graph.size))
    for nodes, found in _linked(graph, part, ~settled, inside, cut, missing):
        named[nodes] = nodes[found]
    return named


def parts_of(size: int, a: Integers, b: Integers) -> Integers:
    """The number of each node's connected part, dense from 0."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not size:
        return np.empty(0, dtype=np.int64)
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _smallest(part: Integers) -> Integers:
    """By part, its smallest node."""
    smallest = np.full(part.max(initial=-1) + 1, len(part))
    np.minimum.at(smallest, part, np.arange(len(part)))
    return smallest


def _held_by_must_links(graph: Graph, part: Integers) -> Truths:
    closer = parts_of(graph.size, graph.a[graph.must], graph.b[graph.must])
    _, first = np.unique(closer, return_index=True)
    return np.bincount(part[first], minlength=part.max(initial=-1) + 1) == 1


def _all_agree(graph: Graph, part: Integers, inside: Integers, cut: int) -> Truths:
    """By part: has every pair in it an edge that is reason enough?"""
    parts = part.max(initial=-1) + 1
    sizes = np.bincount(part, minlength=parts)
    agreeing = inside[graph.weight[inside] >= cut]
    return np.bincount(part[graph.a[agreeing]], minlength=parts) == sizes * (sizes - 1) // 2


def _any_edge_is_enough(graph: Graph, part: Integers, inside: Integers, cut: int, missing: int) -> Truths:
    """By part: may its weakest edge be the only one between two halves, and still be reason to put them together?

    Between groups of p and q nodes there are at most n² / 4 pairs; the mean is at least the cut where an edge makes up
    for the silence of all the others.
    """
    weighed = inside[~graph.must[inside]]
    weakest = np.full(part.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(weakest, part[graph.a[weighed]], graph.weight[weighed].astype(np.int64) - missing)
    sizes = np.bincount(part, minlength=len(weakest))
    return weakest >= (cut - missing) * (sizes * sizes // 4) if missing < cut else np.zeros(len(weakest), dtype=bool)


def _may_be_forbidden(graph: Graph, part: Integers) -> Truths:
    """By part: is there a verdict in it, or a second value of an exclusive kind?"""
    doubtful = np.zeros(part.max(initial=-1) + 1, dtype=bool)
    for pair in (*graph.judged_same, *graph.cannot_link):
        doubtful[part[list(pair)]] = True
    values = np.unique(np.stack([part[graph.holder], graph.kind, graph.value], axis=1), axis=0)
    kinds, counts = np.unique(values[:, :2], axis=0, return_counts=True)
    doubtful[kinds[counts > 1, 0]] = True
    return doubtful


def _linked(
    graph: Graph, part: Integers, is_open: Truths, inside: Integers, cut: int, missing: int
) -> Iterator[tuple[Integers, Integers]]:
    """Nodes of some parts at a time, in order, and for each the place among them of its cluster's smallest member."""
    nodes = np.flatnonzero(is_open[part])
    nodes = nodes[np.argsort(part[nodes], kind="stable")]
    place = np.full(graph.size, -1)
    place[nodes] = np.arange(len(nodes))
    edges = _in_order(place, graph.a, inside[is_open[part[graph.a[inside]]]])
    held = _in_order(place, graph.holder, np.flatnonzero(is_open[part[graph.holder]]))
    judged = {
        name: [(a, b) for a, b in place[np.array(pairs, dtype=np.int64).reshape(-1, 2)].tolist() if a >= 0 and b >= 0]
        for name, pairs in (("same", graph.judged_same), ("apart", graph.cannot_link))
    }
    for begin, end in _handfuls(part[nodes]):
        chosen = edges[_between(place[graph.a[edges]], begin, end)]
        a, b = place[graph.a[chosen]] - begin, place[graph.b[chosen]] - begin
        must = graph.must[chosen]
        found = cluster(
            end - begin,
            zip(a.tolist(), b.tolist(), graph.weight[chosen].tolist(), strict=True),
            cut=cut,
            missing=missing,
            must_link=zip(a[must].tolist(), b[must].tolist(), strict=True),
            exclusive=_exclusive(graph, place, held[_between(place[graph.holder[held]], begin, end)], begin),
            judged_same=[(a - begin, b - begin) for a, b in judged["same"] if begin <= a < end],
            cannot_link=[(a - begin, b - begin) for a, b in judged["apart"] if begin <= a < end and begin <= b < end],
        )
        yield nodes[begin:end], np.array(found, dtype=np.int64)


def _in_order(place: Integers, end: Integers, rows: Integers) -> Integers:
    return rows[np.argsort(place[end[rows]], kind="stable")]


def _between(places: Integers, begin: int, end: int) -> slice:
    low, high = np.searchsorted(places, [begin, end])
    return slice(int(low), int(high))


def _handfuls(part: Integers) -> Iterator[tuple[int, int]]:
    """Begins and ends of whole parts, in a list of nodes that are in the order of their parts."""
    begin, ends = 0, [*(np.flatnonzero(np.diff(part)) + 1).tolist(), len(part)]
    for end, following in pairwise([*ends, len(part) + NODES_AT_ONCE + 1]):
        if end > begin and following - begin > NODES_AT_ONCE:
            yield begin, end
            begin = end


def _exclusive(graph: Graph, place: Integers, rows: Integers, begin: int) -> dict[int, Held]:
    held: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for node, kind, value in zip(
        (place[graph.holder[rows]] - begin).tolist(), graph.kind[rows].tolist(), graph.value[rows].tolist(), strict=True
    ):
        held[node][str(kind)].add(str(value))
    return {node: {kind: frozenset(values) for kind, values in kinds.items()} for node, kinds in held.items()}
