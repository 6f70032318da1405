"""What holds a group of records together: its strongest tree, its bridges, and the best path between two records.

Belongs here: pure functions over nodes and weighted links. Must not go here: SQL, words, what a weight means.
Concept: the maximum spanning tree keeps, between any two nodes, a path whose weakest link is as strong as it can be;
a link of it is a bridge when no other link joins the two sides that its removal would leave.

A link is (a, b, weight), each unordered pair at most once. A link holds when its weight is above 0: at or below that it
is no evidence for a match, and joins nothing that its neighbours do not.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

# Numbers or record ids, of one kind in one graph: they are compared with each other.
Node = Any
Link = tuple[Node, Node, float]

HOLDS_ABOVE_WEIGHT = 0.0


@dataclass(frozen=True)
class Hung:
    """How a node hangs in the strongest tree. link is the place of its link in the list; leaves counts the nodes that
    would go with it, itself included, if that link alone went and is_bridge."""

    node: Node
    parent: Node
    link: int
    is_bridge: bool
    leaves: int


class _Roots:
    """Disjoint sets, made as they are asked for; the caller says which root survives."""

    def __init__(self) -> None:
        self.above: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        above = self.above
        while (parent := above.get(node, node)) != node:
            above[node] = above.get(parent, parent)
            node = parent
        return node


def hang(nodes: Sequence[Node], links: Sequence[Link]) -> list[Hung]:
    """The strongest tree, from its root down: every node but one, after the node that it hangs on.

    nodes: the first of them is the root; where the links leave parts unconnected, so is the first of each part, and
        roots are not in the answer.
    """
    tree = _strongest(links, len(nodes) - 1)
    near: dict[Node, list[int]] = defaultdict(list)
    for place in tree:
        near[links[place][0]].append(place)
        near[links[place][1]].append(place)
    above, order, depth = _rooted(nodes, links, near)
    others = set(range(len(links))).difference(tree)
    covered = _covered([links[place] for place in sorted(others)], above, depth, links)
    parent = {node: _other_end(node, above[node], links) for node in order}
    leaves = dict.fromkeys(depth, 1)
    for node in reversed(order):
        leaves[parent[node]] += leaves[node]
    return [Hung(node, parent[node], above[node], node not in covered, leaves[node]) for node in order]


def _strongest(links: Sequence[Link], enough: int) -> list[int]:
    """Kruskal 1956, strongest first; ties go to the smaller nodes, so the answer does not depend on the order given."""
    roots, tree = _Roots(), []
    for place in sorted(range(len(links)), key=lambda at: (-links[at][2], links[at][:2])):
        a, b = roots.find(links[place][0]), roots.find(links[place][1])
        if a != b:
            roots.above[a] = b
            tree.append(place)
            if len(tree) == enough:
                break
    return tree


def _rooted(
    nodes: Sequence[Node], links: Sequence[Link], near: dict[Node, list[int]]
) -> tuple[dict[Node, int], list[Node], dict[Node, int]]:
    """By node the link that it hangs on, the nodes so that parents come first, and by node its depth."""
    above: dict[Node, int] = {}
    depth: dict[Node, int] = {}
    order: list[Node] = []
    for root in nodes:
        if root in depth:
            continue
        depth[root] = 0
        waiting = [root]
        for node in waiting:
            for place in near[node]:
                child = _other_end(node, place, links)
                if child not in depth:
                    above[child], depth[child] = place, depth[node] + 1
                    waiting.append(child)
        order += waiting[1:]
    return above, order, depth


def _other_end(node: Node, place: int, links: Sequence[Link]) -> Node:
    a, b, _ = links[place]
    return b if node == a else a


def _covered(others: list[Link], above: dict[Node, int], depth: dict[Node, int], links: Sequence[Link]) -> set[Node]:
    """The nodes whose link to their parent is doubled by a path outside the tree. Each tree link is climbed once."""
    covered: set[Node] = set()
    done = _Roots()
    for a, b, weight in others:
        if weight <= HOLDS_ABOVE_WEIGHT:
            continue
        a, b = done.find(a), done.find(b)
        while a != b:
            low = a if depth[a] >= depth[b] else b
            covered.add(low)
            done.above[low] = _other_end(low, above[low], links)
            a, b = done.find(a), done.find(b)
    return covered


def beneath(hung: Sequence[Hung], node: Node) -> set[Node]:
    """A node and all that hang on it."""
    below = {node}
    for one in hung:
        if one.parent in below:
            below.add(one.node)
    return below


def crossing(links: Sequence[Link], side: Collection[Node]) -> list[int]:
    """The places of the links that hold between a side and the rest."""
    return [
        place
        for place, (a, b, weight) in enumerate(links)
        if weight > HOLDS_ABOVE_WEIGHT and (a in side) != (b in side)
    ]


def parts(nodes: Sequence[Node], links: Sequence[Link]) -> list[list[Node]]:
    """What the links that hold leave together: the largest part first, each in the order of nodes."""
    roots = _Roots()
    for a, b, weight in links:
        if weight > HOLDS_ABOVE_WEIGHT and roots.find(a) != roots.find(b):
            roots.above[roots.find(a)] = roots.find(b)
    found: dict[Node, list[Node]] = defaultdict(list)
    for node in nodes:
        found[roots.find(node)].append(node)
    return sorted(found.values(), key=lambda part: -len(part))


def best_path(links: Sequence[Link], starts: Collection[Node], ends: Collection[Node]) -> list[int] | None:
    """The places of the links on the best path from any start to any end; None where there is none, [] where they meet.

    Best: its weakest link is as strong as any path's can be; among those the fewest links; among those the largest sum
    of weights; then the smallest nodes, from the start on.
    """
    if set(starts) & set(ends):
        return []
    strong = _as_strong_as_needed(links, starts, ends)
    near: dict[Node, list[int]] = defaultdict(list)
    for place in strong:
        near[links[place][0]].append(place)
        near[links[place][1]].append(place)
    # by node of the newest layer: (minus the sum, the nodes so far, the links so far); the least is the best
    layer: dict[Node, tuple[float, list[Node], list[int]]] = {node: (0.0, [node], []) for node in starts}
    seen = set(starts)
    while layer:
        if reached := [way for node, way in layer.items() if node in ends]:
            return min(reached)[2]
        wider: dict[Node, tuple[float, list[Node], list[int]]] = {}
        for node, (total, nodes, places) in layer.items():
            for place in near[node]:
                other = _other_end(node, place, links)
                way = (total - links[place][2], [*nodes, other], [*places, place])
                if other not in seen and (other not in wider or way < wider[other]):
                    wider[other] = way
        seen.update(wider)
        layer = wider
    return None


def _as_strong_as_needed(links: Sequence[Link], starts: Collection[Node], ends: Collection[Node]) -> list[int]:
    """The links that are no weaker than the weakest link of the strongest path; all of them where there is no path."""
    roots = _Roots()
    for group in (starts, ends):
        first, *rest = sorted(group)
        for node in rest:
            roots.above[roots.find(node)] = roots.find(first)
    start, end = next(iter(starts)), next(iter(ends))
    ranked = sorted(range(len(links)), key=lambda at: -links[at][2])
    for place in ranked:
        a, b, weakest = links[place]
        roots.above[roots.find(a)] = roots.find(b)
        if roots.find(start) == roots.find(end):
            return [at for at in ranked if links[at][2] >= weakest]
    return ranked
