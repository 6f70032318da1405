"""What a run changed about accounts and households.

Belongs here: the difference between the former map and this run's. Must not go here: the history of all runs (dbt's
group_changes), changes of customers (identity/ids/changes.py).
Concept: as of customers: joined and left speak of one member, created, restored, split, merged and retired of one
group, other_group_id being where it came from or went to. A change became true when the records first spoke of it, if
that is news since the former map (whoever moves, at the new address); else at the moment that the run speaks of.

Makes temporary table group_changed, of identity.group_run_changes, from group_mapped, previous_map and used_id.
"""

import duckdb

from identity.groups.entity import Entity
from identity.ids.changes import moves_sql, origins_sql, successors_sql
from warehouse.run import RunContext


def find_group_changes(con: duckdb.DuckDBPyConnection, run: RunContext, entity: Entity) -> None:
    """Make the table named above for one entity."""
    con.execute(f"create or replace temp table move as {moves_sql('group_mapped')}")
    con.execute(
        f"create or replace temp table group_changed as {_changes_sql()}",
        {"entity": entity.name, "as_of": run.as_of, "recorded_at": run.started_at, "run_id": run.run_id},
    )


def _changes_sql() -> str:
    return f"""
        with
        now as (select record_id, customer_id as group_id, since_at from group_mapped),
        before as (select record_id, customer_id as group_id, since_at from previous_map),
        origins as ({origins_sql()}),
        successors as ({successors_sql("group_mapped")}),
        {_member_changes()},
        {_group_changes()},
        changes as (
            from joined union all from departed union all from begun union all from split union all from ended
            union all from merged
        )
        select
            md5(concat_ws('|', $entity, change_type, group_id, other_group_id, member_id, $run_id)) as change_id,
            $entity as entity,
            change_type,
            group_id,
            other_group_id,
            member_id,
            coalesce(effective_at, $as_of)::timestamp as effective_at,
            $recorded_at::timestamp as recorded_at,
            $run_id as run_id
        from changes
    """


def _member_changes() -> str:
    return """
        joined as (
            select
                'joined' as change_type, now.group_id, before.group_id as other_group_id, record_id as member_id,
                case
                    when before.group_id is null or now.since_at > before.since_at then now.since_at
                end as effective_at
            from now
            left join before using (record_id)
            where before.group_id is distinct from now.group_id
        ),
        departed as (
            select
                'left', before.group_id, now.group_id, record_id,
                case when now.since_at > before.since_at then now.since_at end
            from before
            left join now using (record_id)
            where before.group_id is distinct from now.group_id
        )
    """


def _group_changes() -> str:
    """A group that is new and has members of another began by a split; one that ends goes on where most of its are."""
    return """
        begun as (
            select
                case when any_value(used_id.customer_id) is null then 'created' else 'restored' end,
                group_id, null::varchar, min(record_id),
                case when any_value(coalesce(used_id.customer_id, from_id)) is null then min(since_at) end
            from now
            anti join before using (group_id)
            left join origins on group_id = to_id
            left join used_id on group_id = used_id.customer_id
            group by group_id
        ),
        split as (select 'split', to_id, from_id, null::varchar, null::timestamp from origins),
        ended as (
            select distinct 'retired', group_id, to_id, null::varchar, null::timestamp
            from before
            anti join now using (group_id)
            left join successors on group_id = from_id
        ),
        merged as (
            select 'merged', from_id, to_id, null::varchar, null::timestamp
            from successors
            where to_id in (select group_id from before)
        )
    """
