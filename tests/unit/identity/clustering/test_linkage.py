"""Average linkage on graphs small enough to draw, and its independence of the order of rows."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from identity.clustering.linkage import cluster

CUT, MISSING = 100, 50


def test_a_chain_of_strong_edges_holds_together_and_a_weak_bridge_does_not():
    # 0 = 1 = 2   - - -   3 = 4
    edges = [(0, 1, 2000), (1, 2, 2000), (3, 4, 2000), (2, 3, 300)]
    assert cluster(5, edges, cut=CUT, missing=-100) == [0, 0, 0, 3, 3]


def test_a_contradiction_outweighs_a_bridge():
    #  0 ══ 1 ── 2, and 0 contradicts 2
    edges = [(0, 1, 2000), (1, 2, 800), (0, 2, -1000)]
    assert cluster(3, edges, cut=CUT, missing=MISSING) == [0, 0, 2]


def test_must_links_come_first_and_exclusive_values_stop_even_them():
    held = {0: {"user_id": frozenset("a")}, 2: {"user_id": frozenset("b")}}
    assert cluster(3, [], cut=CUT, missing=MISSING, must_link=[(0, 1), (1, 2)], exclusive=held) == [0, 0, 2]


def test_a_value_that_two_groups_share_is_no_conflict():
    held = {0: {"user_id": frozenset("ab")}, 1: {"user_id": frozenset("b")}}
    assert cluster(2, [(0, 1, 2000)], cut=CUT, missing=MISSING, exclusive=held) == [0, 0]


def test_kinds_of_exclusive_values_do_not_mix():
    held = {0: {"user_id": frozenset("a")}, 1: {"source:pos": frozenset("b")}}
    assert cluster(2, [(0, 1, 2000)], cut=CUT, missing=MISSING, exclusive=held) == [0, 0]


def test_no_edges_no_merges():
    assert cluster(3, [], cut=CUT, missing=MISSING) == [0, 1, 2]
    assert cluster(0, [], cut=CUT, missing=MISSING) == []


graphs = st.integers(2, 12).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.dictionaries(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] < pair[1]),
            st.integers(-20, 20).map(lambda weight: weight * 100),
            max_size=30,
        ),
        st.dictionaries(st.integers(0, size - 1), st.sampled_from("ab"), max_size=4),
    )
)


@given(graphs, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_the_order_of_rows_does_not_matter_and_accounts_never_meet(graph, order: random.Random):
    size, weights, accounts = graph
    edges = [(a, b, weight) for (a, b), weight in weights.items()]
    held = {node: {"user_id": frozenset(account)} for node, account in accounts.items()}
    first = cluster(size, edges, cut=CUT, missing=MISSING, exclusive=held)

    order.shuffle(edges)
    turned = [(b, a, weight) if order.random() < 0.5 else (a, b, weight) for a, b, weight in edges]

    assert cluster(size, turned, cut=CUT, missing=MISSING, exclusive=held) == first
    for group in set(first):
        assert len({accounts[node] for node in accounts if first[node] == group}) <= 1
