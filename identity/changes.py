"""What a run changed about who is who, with two clocks: when it became true, and when we learned it.

Belongs here: the difference between the former map and this run's. Must not go here: the history of all runs (dbt's
identity_changes), the choice of ids (ids.py).
Concept: changes explain every difference between two maps. joined and left speak of one record; created, split, known,
merged and retired of one customer, `other_customer_id` being where it came from or went to.
"""


def changes_sql() -> str:
    """The rows of identity.run_changes, from `mapped`, `previous_map`, `node` and $as_of, $recorded_at, $run_id."""
    return f"""
        with now_customers as (
            select
                customer_id,
                min(record_id) as record_id,
                bool_or(not is_device) as is_known,
                min(node.began_at) as began_at,
                min(node.began_at) filter (where not node.is_device) as known_from
            from mapped
            join node using (record_id, is_device)
            group by customer_id
        ),
        before_customers as (
            select customer_id, bool_or(not is_device) as is_known from previous_map group by customer_id
        ),
        moves as (  -- from one customer to another, by how many records
            select before.customer_id as from_id, mapped.customer_id as to_id, count(*) as records_count
            from previous_map as before
            join mapped using (record_id)
            group by all
        ),
        {_record_changes()},
        {_customer_changes()},
        changes as (
            from joined union all from departed union all from created union all from split
            union all from known union all from retired union all from merged
        )
        select
            md5(concat_ws('|', change_type, customer_id, other_customer_id, record_id, $run_id)) as change_id,
            change_type,
            customer_id,
            other_customer_id,
            record_id,
            least(coalesce(effective_at, $as_of::timestamp), $as_of::timestamp) as effective_at,
            $recorded_at::timestamp as recorded_at,
            $run_id as run_id
        from changes
    """


def _record_changes() -> str:
    return """
        joined as (
            select
                'joined' as change_type,
                mapped.customer_id,
                before.customer_id as other_customer_id,
                mapped.record_id,
                case when before.customer_id is null then node.began_at end as effective_at
            from mapped
            join node using (record_id)
            left join previous_map as before using (record_id)
            where before.customer_id is distinct from mapped.customer_id
        ),
        departed as (
            select 'left', before.customer_id, mapped.customer_id, before.record_id, null::timestamp
            from previous_map as before
            left join mapped using (record_id)
            where before.customer_id is distinct from mapped.customer_id
        )
    """


def _customer_changes() -> str:
    return """
        created as (
            select 'created', customer_id, null::varchar, record_id, case when moves.to_id is null then began_at end
            from now_customers
            left join (select distinct to_id from moves) as moves on now_customers.customer_id = moves.to_id
            where customer_id not in (select customer_id from before_customers)
        ),
        split as (
            select 'split', to_id, from_id, null::varchar, null::timestamp
            from moves
            where to_id not in (select customer_id from before_customers)
            qualify row_number() over (partition by to_id order by records_count desc, from_id) = 1
        ),
        known as (
            select 'known', customer_id, null::varchar, null::varchar, known_from
            from now_customers
            join before_customers using (customer_id)
            where now_customers.is_known and not before_customers.is_known
        ),
        successors as (
            select from_id, to_id
            from moves
            qualify row_number() over (partition by from_id order by records_count desc, to_id) = 1
        ),
        retired as (
            select 'retired', customer_id, to_id, null::varchar, null::timestamp
            from before_customers
            left join successors on customer_id = from_id
            where customer_id not in (select customer_id from now_customers)
        ),
        merged as (
            select 'merged', customer_id, to_id, null::varchar, null::timestamp
            from before_customers
            join successors on customer_id = from_id
            where customer_id not in (select customer_id from now_customers)
                and to_id in (select customer_id from before_customers)
        )
    """
