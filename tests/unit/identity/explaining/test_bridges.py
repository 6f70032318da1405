"""The strongest tree, its bridges and the best path: on graphs to draw, and against brute force on random ones."""

from itertools import combinations
from random import Random

import pytest

from identity.explaining.bridges import Hung, beneath, best_path, crossing, hang, parts

# a - b - c is a triangle; d hangs on c, and e on d
KITE = [("a", "b", 9), ("a", "c", 7), ("b", "c", 5), ("c", "d", 3), ("d", "e", 11)]


def test_the_strongest_tree_and_what_doubles_it():
    assert hang("abcde", KITE) == [
        Hung("b", "a", 0, False, 1),
        Hung("c", "a", 1, False, 3),
        Hung("d", "c", 3, True, 2),
        Hung("e", "d", 4, True, 1),
    ]


def test_the_first_node_is_the_root_and_roots_are_not_in_the_answer():
    assert hang("eabcd", KITE)[0] == Hung("d", "e", 4, True, 4)
    assert hang("ab", []) == []


def test_a_link_that_is_evidence_against_doubles_nothing_and_holds_only_what_nothing_else_does():
    assert hang("abc", [("a", "b", 4), ("b", "c", -2), ("a", "c", -1)]) == [
        Hung("b", "a", 0, True, 1),
        Hung("c", "a", 2, True, 1),
    ]


def test_what_hangs_on_a_node_and_what_else_crosses_from_there():
    assert beneath(hang("abcde", KITE), "d") == {"d", "e"}
    assert crossing(KITE, {"d", "e"}) == [3]
    assert crossing(KITE, {"c", "d", "e"}) == [1, 2]


def test_parts_are_told_the_largest_first():
    assert parts("abcde", [("a", "b", 1), ("d", "e", 1), ("e", "c", 2), ("b", "c", 0)]) == [["c", "d", "e"], ["a", "b"]]


def test_a_stronger_detour_is_better_than_a_weak_short_cut():
    detour = [("a", "b", 8), ("b", "c", 9), ("a", "c", 7)]
    assert best_path(detour, ["a"], ["c"]) == [0, 1]


def test_among_paths_as_strong_the_shortest_is_best_and_then_the_heaviest():
    square = [("a", "b", 5), ("b", "d", 9), ("a", "c", 5), ("c", "d", 8), ("b", "c", 20)]
    assert best_path(square, ["a"], ["d"]) == [0, 1]


def test_a_path_may_begin_and_end_at_several():
    assert best_path(KITE, ["a", "c"], ["d", "e"]) == [3]
    assert best_path(KITE, ["a", "d"], ["d"]) == []
    assert best_path(KITE, ["a"], ["z"]) is None


def random_graph(seed: int) -> tuple[list[int], list[tuple[int, int, float]]]:
    random = Random(seed)
    nodes = list(range(random.randint(2, 6)))
    pairs = [pair for pair in combinations(nodes, 2) if random.random() < 0.6]
    links = [(a, b, random.choice([-2, 1, 2, 3, 4])) for a, b in pairs]
    random.shuffle(links)
    return nodes, links


def every_path(links, start, end, seen=()):
    """All ways without a repeated node, each as the places of its links."""
    if start == end:
        yield []
        return
    for place, (a, b, _) in enumerate(links):
        if start in (a, b) and (other := b if start == a else a) not in (*seen, start):
            yield from ([place, *rest] for rest in every_path(links, other, end, (*seen, start)))


def nodes_along(links, start, path):
    nodes = [start]
    for place in path:
        a, b, _ = links[place]
        nodes.append(b if nodes[-1] == a else a)
    return nodes


@pytest.mark.parametrize("seed", range(300))
def test_the_best_path_is_the_one_that_brute_force_finds(seed):
    nodes, links = random_graph(seed)
    start, end = nodes[0], nodes[-1]

    def rank(path):
        weights = [links[place][2] for place in path]
        return (-min(weights), len(weights), -sum(weights), nodes_along(links, start, path))

    assert best_path(links, [start], [end]) == min(every_path(links, start, end), key=rank, default=None)


@pytest.mark.parametrize("seed", range(300))
def test_the_tree_is_as_strong_as_any_path_and_bridges_split_what_they_say(seed):
    nodes, links = random_graph(seed)
    hung = hang(nodes, links)
    tree = [links[one.link] for one in hung]
    for a, b in combinations(nodes, 2):
        ways = [min(links[place][2] for place in path) for path in every_path(links, a, b)]
        way = next(every_path(tree, a, b), None)
        assert (max(ways) if ways else None) == (min(tree[place][2] for place in way) if way else None)
    # a link of evidence against holds nothing, unless the tree needs it
    holding = [link for link in links if link[2] > 0 or link in tree]
    for one in hung:
        left = [link for link in holding if link != links[one.link]]
        is_split = next(every_path(left, one.node, one.parent), None) is None
        assert one.is_bridge == is_split
        assert one.leaves == len(beneath(hung, one.node))
