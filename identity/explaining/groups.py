"""Why customers are one household, or company records one account: who is in it since when, and by which evidence.

Belongs here: reading one group from a generation, and the answer as data. Must not go here: printing (cli/), sentences
(tell_groups.py), pages (explain_page.py), customers (explain.py).
Concept: a group is explained as a customer is, by the strongest tree of the edges that hold it; what speaks of its
members and joins nobody is told beside it, by kind and never by value.

The connection has a generation attached as published, restricted and activation (publishing/read.py).
"""

import re
from dataclasses import dataclass
from datetime import datetime

import duckdb

from identity.explaining.bridges import hang
from identity.groups.entity import ENTITIES, Entity
from warehouse.errors import CdpError
from warehouse.tables import columns_of, find_table

FOUND = """
select {id} from activation.main.{name}_map where {id} = $id
union
select current_group_id from published.main.retired_groups
where entity = '{name}' and group_id = $id and current_group_id is not null
"""
MEMBERS = {
    "household": """
        select customer_id, coalesce(joined_at, since_at)
        from activation.main.household_map
        left join (select * from published.main.household_members where is_current)
            using (household_id, customer_id)
        where household_id = $id
        order by 2, 1
    """,
    "account": """
        select account_record_id, since_at from activation.main.account_map where account_id = $id order by 2, 1
    """,
}
EDGES = """
select {member}_l, {member}_r, rule, match_weight, cut_reason, l.{id} = $id, r.{id} = $id
from activation.main.{name}_edges as edges
left join activation.main.{name}_map as l on {member}_l = l.{member}
left join activation.main.{name}_map as r on {member}_r = r.{member}
where l.{id} = $id or r.{id} = $id
order by match_weight desc, 1, 2
"""
STAYS = """
select customer_id, joined_at, left_at, retired_at, current_customer_id, {linked_by}
from published.main.{name}_members
left join published.main.retired_customers using (customer_id)
where {name}_id = $id
order by joined_at, 1
"""
CUT = """
select kind, reason, members_count, cap, list(member_id order by member_id)
from (select distinct * from activation.main.cut_group_members where entity = $entity)
where member_id in (select unnest($members))
group by all
order by all
"""


@dataclass(frozen=True)
class Tie:
    """An edge between two members; cut_reason is set where it speaks against one group."""

    left: str
    right: str
    rule: str
    weight: float
    cut_reason: str | None = None


@dataclass(frozen=True)
class Member:
    """since_at: as far as the records tell. beside: the member that it hangs on, by `tie`; both None for the first, and
    for one whom nothing ties to another."""

    name: str
    since_at: datetime
    beside: str | None = None
    tie: Tie | None = None


@dataclass(frozen=True)
class Stay:
    """A customer's time there; left_at is None while it lasts.

    retired_at: since when the id itself is no longer in use; successor_id is who stands in its place today, and None
    where all its records are gone. linked_by: what says that a member of an account belongs to it, as account_members
    has it.
    """

    customer_id: str
    joined_at: datetime
    left_at: datetime | None
    retired_at: datetime | None = None
    successor_id: str | None = None
    linked_by: str | None = None


@dataclass(frozen=True)
class Cut:
    """Something that some members share with too many: kind says what it is, and its value is told nowhere."""

    kind: str
    reason: str
    members_count: int
    cap: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Why some members are one group.

    members: customers of a household, records of an account; the one longest there, then each after the one that it
    hangs on.
    further_edges: how many more hold them. apart: edges to members of no or another group, the strongest first, and
    those within that speak against it. people: of an account, who belongs to it now. former: who has left, in order.
    """

    entity: Entity
    group_id: str
    members: tuple[Member, ...]
    further_edges: int
    apart: tuple[Tie, ...]
    people: tuple[Stay, ...]
    former: tuple[Stay, ...]
    cut: tuple[Cut, ...]


def find_group(con: duckdb.DuckDBPyConnection, wanted: str) -> tuple[Entity, str] | None:
    """The group that an id names, or the one that stands in its place; None where it is no id of a group.

    Raises CdpError where no such group is published.
    """
    wanted = wanted.strip()
    for entity in ENTITIES:
        if re.fullmatch(f"{entity.prefix}[a-z2-7]{{16}}", wanted):
            rows = con.execute(FOUND.format(id=entity.id, name=entity.name), {"id": wanted}).fetchall()
            if rows:
                return entity, rows[0][0]
            raise CdpError(
                f"No {entity.name} is published under that id",
                remedy=f'`cdp sql` finds those that are: "select {entity.id} from {entity.name}s".',
            )
    return None


def explain_group(con: duckdb.DuckDBPyConnection, entity: Entity, group_id: str) -> Group:
    """Why the members of a published group are one."""
    names = {"id": entity.id, "name": entity.name, "member": entity.member}
    since = dict(con.execute(MEMBERS[entity.name], {"id": group_id}).fetchall())
    edges = con.execute(EDGES.format(**names), {"id": group_id}).fetchall()
    within = [Tie(*edge) for *edge, left, right in edges if left and right and edge[4] is None]
    hung = hang(list(since), [(tie.left, tie.right, tie.weight) for tie in within])
    hanging = {one.node: Member(one.node, since[one.node], one.parent, within[one.link]) for one in hung}
    roots = [Member(name, at) for name, at in since.items() if name not in hanging]
    stays = _stays(con, entity, group_id)
    return Group(
        entity=entity,
        group_id=group_id,
        members=(*roots, *hanging.values()),
        further_edges=len(within) - len(hung),
        apart=tuple(Tie(*edge) for *edge, left, right in edges if not (left and right) or edge[4]),
        people=tuple(stay for stay in stays if stay.left_at is None) if entity.member != "customer_id" else (),
        former=tuple(stay for stay in stays if stay.left_at),
        cut=_cut(con, entity, list(since)),
    )


def _stays(con: duckdb.DuckDBPyConnection, entity: Entity, group_id: str) -> list[Stay]:
    """A household has no links, nor has a generation that was published before they were kept."""
    members = f"{entity.name}_members"
    linked_by = "linked_by" if "linked_by" in columns_of(con, f"published.main.{members}") else "null"
    query = STAYS.format(name=entity.name, linked_by=linked_by)
    return [Stay(*stay) for stay in con.execute(query, {"id": group_id}).fetchall()]


def _cut(con: duckdb.DuckDBPyConnection, entity: Entity, members: list[str]) -> tuple[Cut, ...]:
    """A generation that was published before this was kept has none."""
    if not find_table(con, "activation", "cut_group_members"):
        return ()
    rows = con.execute(CUT, {"entity": entity.name, "members": members}).fetchall()
    return tuple(Cut(kind, reason, count, cap, tuple(found)) for kind, reason, count, cap, found in rows)
