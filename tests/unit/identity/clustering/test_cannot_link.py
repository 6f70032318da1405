"""Verdicts in the linkage: what is judged apart stays so through every merge, what is judged the same is together."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.clustering.linkage import Pair, Sets, cluster

CUT, MISSING = 100, 50
STRONG = 2000


def test_a_pair_judged_apart_stays_apart_however_strong_its_edge():
    assert cluster(2, [(0, 1, STRONG)], cut=CUT, missing=MISSING, cannot_link=[(0, 1)]) == [0, 1]


def test_nothing_between_brings_a_judged_pair_together():
    # 0 ══ 1 ══ 2, 0 and 2 judged apart: 1 goes with one of them
    edges = [(0, 1, STRONG), (1, 2, STRONG - 100)]
    assert cluster(3, edges, cut=CUT, missing=MISSING, cannot_link=[(2, 0)]) == [0, 0, 2]


def test_a_verdict_holds_for_the_groups_that_its_ends_are_merged_into():
    # 0 ══ 1 and 2 ══ 3 merge first; then 0 ── 2 would bring 1 and 3 together
    edges = [(0, 1, STRONG), (2, 3, STRONG), (0, 2, 1900), (0, 3, 1900), (1, 2, 1900)]
    assert cluster(4, edges, cut=CUT, missing=MISSING) == [0, 0, 0, 0]
    assert cluster(4, edges, cut=CUT, missing=MISSING, cannot_link=[(1, 3)]) == [0, 0, 2, 2]


def test_a_verdict_stops_a_must_link_and_what_it_would_bring_along():
    must = [(0, 1), (1, 2)]
    assert cluster(3, [], cut=CUT, missing=MISSING, must_link=must, cannot_link=[(0, 2)]) == [0, 0, 2]


def test_judged_same_needs_no_edge_and_beats_exclusive_values():
    held = {0: {"user_id": frozenset("a")}, 1: {"user_id": frozenset("b")}}
    assert cluster(2, [], cut=CUT, missing=MISSING, exclusive=held) == [0, 1]
    assert cluster(2, [], cut=CUT, missing=MISSING, exclusive=held, judged_same=[(1, 0)]) == [0, 0]


def test_a_contradiction_is_for_the_caller_to_settle():
    with pytest.raises(ValueError, match="judged the same"):
        cluster(3, [], cut=CUT, missing=MISSING, judged_same=[(0, 1), (1, 2)], cannot_link=[(0, 2)])


pairs = st.integers(3, 12).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.dictionaries(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] < pair[1]),
            st.tuples(st.integers(-5, 20).map(lambda weight: weight * 100), st.sampled_from(["", "must", "same"])),
            max_size=30,
        ),
        st.sets(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda p: p[0] < p[1]), max_size=8
        ),
        st.dictionaries(st.integers(0, size - 1), st.sampled_from("ab"), max_size=4),
    )
)


def consistent(size: int, same: list[Pair], apart: set[Pair]) -> list[Pair]:
    sets = Sets(size)
    for a, b in same:
        sets.union(a, b)
    return sorted((a, b) for a, b in apart if sets.find(a) != sets.find(b))


@given(pairs, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=300)
def test_verdicts_hold_on_any_graph_whatever_the_order_of_rows(graph, order: random.Random):
    size, found, apart, accounts = graph
    edges = [(a, b, weight) for (a, b), (weight, _) in found.items()]
    must = [pair for pair, (_, kind) in found.items() if kind == "must"]
    same = [pair for pair, (_, kind) in found.items() if kind == "same"][:3]
    cannot = consistent(size, same, apart)
    held = {node: {"user_id": frozenset(account)} for node, account in accounts.items()}

    def clustered() -> list[int]:
        return cluster(
            size, edges, cut=CUT, missing=MISSING, must_link=must, exclusive=held, judged_same=same, cannot_link=cannot
        )

    first = clustered()
    assert all(first[a] == first[b] for a, b in same)
    assert all(first[a] != first[b] for a, b in cannot)

    for rows in (edges, must, same, cannot):
        order.shuffle(rows)
        rows[:] = [(row[1], row[0], *row[2:]) if order.random() < 0.5 else row for row in rows]
    assert clustered() == first
