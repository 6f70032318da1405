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


def hundredths(weight: float) -> int:
    """A weight in bits as the linkage takes it."""
    return round(100 * weight)


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


class Bars:
    """What keeps two groups apart: exclusive values that they do not share, and verdicts on their members.

    Groups are named as the sets name them; whoever unites two groups says so by `take_over`.
    """

    def __init__(self, exclusive: Mapping[int, Held]) -> None:
        self.held: dict[int, Held] = dict(exclusive)
        self.apart: dict[int, set[int]] = defaultdict(set)

    def keep_apart(self, a: int, b: int) -> None:
        self.apart[a].add(b)
        self.apart[b].add(a)

    def forbid(self, a: int, b: int) -> bool:
        return (a in self.apart and b in self.apart[a]) or _conflict(self.held.get(a), self.held.get(b))

    def take_over(self, a: int, b: int) -> None:
        """Group b became part of group a: what was kept from b is kept from a."""
        if b in self.held:
            mine, theirs = self.held.get(a, {}), self.held.pop(b)
            self.held[a] = {kind: mine.get(kind, frozenset()) | theirs.get(kind, frozenset()) for kind in mine | theirs}
        for other in self.apart.pop(b, ()):
            self.apart[other].discard(b)
            self.keep_apart(a, other)


def cluster(
    size: int,
    edges: Iterable[Edge],
    *,
    cut: int,
    missing: int,
    must_link: Iterable[Pair] = (),
    exclusive: Mapping[int, Held] | None = None,
    judged_same: Iterable[Pair] = (),
    cannot_link: Iterable[Pair] = (),
) -> list[int]:
    """The cluster of each node 0..size-1, named by its smallest member.

    edges: unordered pairs, each at most once, with a weight in hundredths of a bit.
    cut: two groups merge while the mean weight over all pairs between them is at least this.
    missing: the weight of a pair without an edge.
    must_link: pairs put together first, whatever the weights, unless `exclusive` or `cannot_link` forbids it.
    exclusive: by node, the values that it holds of each exclusive kind; two groups that both hold values of a kind
        and share none of them (two accounts, say) never merge.
    judged_same: pairs that are together whatever else is said, `exclusive` included.
    cannot_link: pairs that are never in one cluster, whatever lies between them. Raises ValueError where judged_same
        says the contrary: the caller settles contradictions.
    """
    edges = list(edges)
    start, bars = Sets(size), Bars(exclusive or {})
    for a, b in judged_same:
        _unite(start, bars, start.find(a), start.find(b))
    for a, b in cannot_link:
        a, b = start.find(a), start.find(b)
        if a == b:
            raise ValueError("a pair in cannot_link is judged the same")
        bars.keep_apart(a, b)
    for a, b in sorted((min(pair), max(pair)) for pair in must_link):
        a, b = start.find(a), start.find(b)
        if not bars.forbid(a, b):
            _unite(start, bars, a, b)
    for nodes, inside in _components(start, edges):
        for group in _agglomerate(nodes, inside, start, bars, cut, missing):
            for other in group[1:]:
                start.union(group[0], other)
    return [start.find(node) for node in range(size)]


def _unite(sets: Sets, bars: Bars, a: int, b: int) -> None:
    """Make one set of two, each given by its name."""
    if a != b:
        low, high = min(a, b), max(a, b)
        sets.parent[high] = low
        bars.take_over(low, high)


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
    nodes: list[int], edges: list[Edge], start: Sets, bars: Bars, cut: int, missing: int
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
        if is_stale or bars.forbid(a, b):
            continue
        _merge(a, b, sizes, totals, groups, bars)
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
    bars: Bars,
) -> None:
    """Group b becomes part of group a (a < b)."""
    sizes[a] += sizes.pop(b)
    groups[a] += groups.pop(b)
    bars.take_over(a, b)
    for c, total in totals.pop(b).items():
        del totals[c][b]
        if c != a:
            totals[a][c] = totals[c][a] = totals[a].get(c, 0) + total
