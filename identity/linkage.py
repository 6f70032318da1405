"""Average linkage over sparse edges: which records of a graph are one entity.

Belongs here: pure functions over integers. Must not go here: SQL, names of rules, the choice of the cut.
Concept: connected components believe every edge; average linkage asks whether two groups agree as a whole. A pair
without an edge has a weight of its own. Weights are integers (hundredths of a bit), so that sums are exact and the
result does not depend on the order of rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush

Pair = tuple[int, int]
Edge = tuple[int, int, int]
Held = dict[str, frozenset[str]]


class Sets:
    """Disjoint sets over 0..n-1; a set's name is its smallest member."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def find(self, node: int) -> int:
        parent = self.parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def union(self, a: int, b: int) -> None:
        a, b = self.find(a), self.find(b)
        if a != b:
            self.parent[max(a, b)] = min(a, b)


def cluster(
    size: int,
    edges: Iterable[Edge],
    *,
    cut: int,
    missing: int,
    must_link: Iterable[Pair] = (),
    exclusive: Mapping[int, Held] | None = None,
) -> list[int]:
    """The cluster of each node 0..size-1, named by its smallest member.

    edges: unordered pairs, each at most once, with a weight in hundredths of a bit.
    cut: two groups merge while the mean weight over all pairs between them is at least this.
    missing: the weight of a pair without an edge.
    must_link: pairs put together first, whatever the weights, unless `exclusive` forbids it.
    exclusive: by node, the values that it holds of each exclusive kind; two groups that both hold values of a kind
        and share none of them (two accounts, say) never merge.
    """
    exclusive = exclusive or {}
    edges = list(edges)
    start = Sets(size)
    held = dict(exclusive)
    for a, b in sorted(must_link):
        _unite(start, held, a, b)
    for nodes, inside in _components(start, edges):
        for group in _agglomerate(nodes, inside, start, held, cut, missing):
            for other in group[1:]:
                start.union(group[0], other)
    return [start.find(node) for node in range(size)]


def _unite(sets: Sets, held: dict[int, Held], a: int, b: int) -> None:
    a, b = sets.find(a), sets.find(b)
    if a == b or _conflict(held.get(a), held.get(b)):
        return
    sets.union(a, b)
    _take_over(held, min(a, b), max(a, b))


def _take_over(held: dict[int, Held], a: int, b: int) -> None:
    if b in held:
        mine, theirs = held.get(a, {}), held.pop(b)
        held[a] = {kind: mine.get(kind, frozenset()) | theirs.get(kind, frozenset()) for kind in mine | theirs}


def _conflict(a: Held | None, b: Held | None) -> bool:
    if not a or not b:
        return False
    return any(kind in b and values.isdisjoint(b[kind]) for kind, values in a.items())


def _components(start: Sets, edges: list[Edge]) -> Iterable[tuple[list[int], list[Edge]]]:
    """Connected parts of the graph of groups, each with its edges between groups; parts of one group are left out."""
    reach = Sets(len(start.parent))
    reach.parent = [start.find(node) for node in range(len(start.parent))]
    for a, b, _ in edges:
        reach.union(a, b)
    inside: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        if start.find(edge[0]) != start.find(edge[1]):
            inside[reach.find(edge[0])].append(edge)
    members: dict[int, list[int]] = defaultdict(list)
    for node in range(len(start.parent)):
        root = reach.find(node)
        if root in inside:
            members[root].append(node)
    for root in sorted(inside):
        yield members[root], inside[root]


def _agglomerate(
    nodes: list[int], edges: list[Edge], start: Sets, held: dict[int, Held], cut: int, missing: int
) -> list[list[int]]:
    """Merge the two closest groups until none are closer than the cut. Gives lists of group names to be united."""
    sizes: dict[int, int] = defaultdict(int)
    for node in nodes:
        sizes[start.find(node)] += 1
    # totals[a][b]: sum over known pairs between a and b of (weight - missing); the mean follows without counting them
    totals: dict[int, dict[int, int]] = {group: {} for group in sizes}
    for a, b, weight in edges:
        a, b = start.find(a), start.find(b)
        totals[a][b] = totals[b][a] = totals[a].get(b, 0) + weight - missing
    groups = {group: [group] for group in sizes}
    floor = cut - missing
    heap = [
        (-total / (sizes[a] * sizes[b]), a, b, total)
        for a, near in totals.items()
        for b, total in near.items()
        if a < b and total >= floor * sizes[a] * sizes[b]
    ]
    heapify(heap)
    while heap:
        distance, a, b, total = heappop(heap)
        is_stale = totals.get(a, {}).get(b) != total or distance != -total / (sizes[a] * sizes[b])
        if is_stale or _conflict(held.get(a), held.get(b)):
            continue
        _merge(a, b, sizes, totals, groups, held)
        for c, total in totals[a].items():
            if total >= floor * sizes[a] * sizes[c]:
                low, high = min(a, c), max(a, c)
                heappush(heap, (-total / (sizes[a] * sizes[c]), low, high, total))
    return list(groups.values())


def _merge(
    a: int,
    b: int,
    sizes: dict[int, int],
    totals: dict[int, dict[int, int]],
    groups: dict[int, list[int]],
    held: dict[int, Held],
) -> None:
    """Group b becomes part of group a (a < b)."""
    sizes[a] += sizes.pop(b)
    groups[a] += groups.pop(b)
    _take_over(held, a, b)
    for c, total in totals.pop(b).items():
        del totals[c][b]
        if c != a:
            totals[a][c] = totals[c][a] = totals[a].get(c, 0) + total
