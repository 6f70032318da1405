"""The linkage of a graph in parts, beside the linkage of the same graph as a whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.clustering import graph as graphs
from identity.clustering.graph import Graph, cluster_graph
from identity.clustering.linkage import Pair, Sets, cluster

CUT, MISSING = 100, 0
KINDS = ["user_id", "source:pos"]


def graph_of(size, edges, must=(), held=None, same=(), apart=()) -> Graph:
    rows = np.array([(a, b, weight, (a, b) in set(must)) for a, b, weight in edges], dtype=np.int64).reshape(-1, 4)
    values = [
        (node, KINDS.index(kind), ord(value))
        for node, kinds in (held or {}).items()
        for kind, found in kinds.items()
        for value in found
    ]
    holder, kind, value = np.array(values, dtype=np.int64).reshape(-1, 3).T
    a, b, weight, must_flags = rows.T
    return Graph(size, a, b, weight, must_flags.astype(bool), holder, kind, value, same, apart)


def test_pairs_triangles_and_must_links_are_settled_without_the_linkage(monkeypatch):
    monkeypatch.setattr(graphs, "cluster", lambda *_, **__: pytest.fail("asked"))
    #  0 ═ 1    2 ═ 3 ═ 4 ═ 2    5 must 6 must 7    8 - 9
    edges = [(0, 1, 900), (2, 3, 900), (3, 4, 900), (2, 4, 100), (5, 6, -900), (6, 7, 0), (8, 9, 99)]
    found = cluster_graph(graph_of(10, edges, must=[(5, 6), (6, 7)]), cut=CUT, missing=MISSING)
    assert found.tolist() == [0, 0, 2, 2, 2, 5, 5, 5, 8, 9]


def test_a_chain_of_edges_that_outweigh_every_silence_is_settled_without_the_linkage(monkeypatch):
    #  0 ═ 1 ═ 2 ═ 3: at most four pairs between two halves, so four times the cut is enough; less is for the linkage
    chain = [(0, 1, 400), (1, 2, 400), (2, 3, 400)]
    assert cluster(4, [(0, 1, 399), (1, 2, 399), (2, 3, 399)], cut=CUT, missing=MISSING) == [0, 0, 2, 2]
    monkeypatch.setattr(graphs, "cluster", lambda *_, **__: pytest.fail("asked"))
    assert cluster_graph(graph_of(4, chain), cut=CUT, missing=MISSING).tolist() == [0, 0, 0, 0]


def test_nothing_is_taken_for_settled_where_something_may_forbid_it():
    held = {0: {"user_id": frozenset("a")}, 1: {"user_id": frozenset("b")}}
    assert cluster_graph(graph_of(2, [(0, 1, 900)], held=held), cut=CUT, missing=MISSING).tolist() == [0, 1]
    apart = graph_of(3, [(0, 1, 900), (1, 2, 900), (0, 2, 100)], apart=[(0, 2)])
    assert cluster_graph(apart, cut=CUT, missing=MISSING).tolist() != [0, 0, 0]


worlds = st.integers(0, 24).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.dictionaries(
            st.tuples(st.integers(0, max(size - 1, 0)), st.integers(0, max(size - 1, 0))).filter(lambda p: p[0] < p[1]),
            st.tuples(st.integers(-5, 20).map(lambda weight: weight * 50), st.sampled_from(["", "", "must", "same"])),
            max_size=50,
        ),
        st.sets(st.tuples(st.integers(0, max(size - 1, 0)), st.integers(0, max(size - 1, 0))), max_size=4),
        st.dictionaries(
            st.integers(0, max(size - 1, 0)),
            st.dictionaries(st.sampled_from(KINDS), st.frozensets(st.sampled_from("abc"), min_size=1), min_size=1),
            max_size=6,
        ),
        st.integers(1, 9),
        st.sampled_from([MISSING, CUT, CUT + 50]),
    )
)


def possible(size: int, same: list[Pair], apart: set[Pair]) -> list[Pair]:
    sets = Sets(size)
    for a, b in same:
        sets.union(a, b)
    return sorted((a, b) for a, b in apart if a < b < size and sets.find(a) != sets.find(b))


@given(worlds)
@settings(deadline=None, max_examples=500)
def test_parts_come_to_what_the_whole_comes_to(world):
    size, pairs, apart, held, at_once, missing = world
    edges = [(a, b, weight) for (a, b), (weight, _) in pairs.items()]
    must = [pair for pair, (_, kind) in pairs.items() if kind == "must"]
    same = [pair for pair, (_, kind) in pairs.items() if kind == "same"][:3]
    cannot = possible(size, same, apart)
    held = {node: kinds for node, kinds in held.items() if node < size}
    whole = cluster(
        size, edges, cut=CUT, missing=missing, must_link=must, exclusive=held, judged_same=same, cannot_link=cannot
    )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graphs, "NODES_AT_ONCE", at_once)
        found = cluster_graph(graph_of(size, edges, must, held, same, cannot), cut=CUT, missing=missing)

    assert found.tolist() == whole
