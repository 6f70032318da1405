"""What a run changed about who is who, with two clocks: when it became true, and when we learned it.

Belongs here: the difference between the former map and this run's. Must not go here: the history of all runs (dbt's
identity_changes and identity_history), the choice of ids (claims.py), why it happened (reasons.py).
Concept: changes explain every difference between two maps. joined and left speak of one record, judged of one that a
person's judgement moved; created, restored, split, known, merged and retired of one customer, `other_customer_id` being
where it came from or went to.
"""

import duckdb

from identity.ids.reasons import prepare_evidence
from warehouse.run import RunContext


def write_changes(con: duckdb.DuckDBPyConnection, run: RunContext) -> None:
    """Temporary table `changed`, the rows of identity.run_changes: `mapped` against what memory.py loaded."""
    con.execute(f"create or replace temp table now_customer as {_now_customers_sql()}")
    con.execute(f"create or replace temp table before_customer as {_before_customers_sql()}")
    con.execute(f"create or replace temp table move as {moves_sql()}")
    con.execute(f"create or replace temp table successor as {_all_successors_sql()}")
    prepare_evidence(con)
    con.execute(
        f"create or replace temp table changed as {_changes_sql()}",
        {"as_of": run.as_of, "recorded_at": run.started_at, "run_id": run.run_id},
    )


def _now_customers_sql() -> str:
    return """
        select
            customer_id,
            min(record_id) as record_id,
            bool_or(not is_device) as is_known,
            min(node.began_at) as began_at,
            min(node.began_at) filter (where not node.is_device) as known_from,
            customer_id in (select customer_id from previous_map) as was_in_use,
            customer_id in (select customer_id from used_id) as was_used
        from mapped
        join node using (record_id, is_device)
        group by customer_id
    """


def _before_customers_sql() -> str:
    return """
        select
            customer_id,
            bool_or(not is_device) as is_known,
            customer_id in (select customer_id from mapped) as is_in_use
        from previous_map
        group by customer_id
    """


def moves_sql(mapped: str = "mapped") -> str:
    """From one customer to another, by how many records; a customer that stays is a move onto itself."""
    return f"""
        select before.customer_id as from_id, now.customer_id as to_id, count(*) as records_count
        from previous_map as before
        join {mapped} as now using (record_id)
        group by all
    """


def origins_sql() -> str:
    """Where an id that begins now comes from: from whoever had most of its records. One of new records is not here."""
    return """
        select to_id, from_id
        from move
        where to_id not in (select customer_id from previous_map)
        qualify row_number() over (partition by to_id order by records_count desc, from_id) = 1
    """


def successors_sql(mapped: str = "mapped") -> str:
    """Where an id that ends now goes on: to whoever has most of its records."""
    return f"""
        select from_id, to_id
        from move
        where from_id not in (select customer_id from {mapped})
        qualify row_number() over (partition by from_id order by records_count desc, to_id) = 1
    """


def _all_successors_sql() -> str:
    """An imported id that lost goes on as one that ends."""
    return f"""
        {successors_sql()}
        union all
        select imported_id.customer_id, mapped.customer_id
        from imported_id
        join mapped using (record_id)
        where imported_id.customer_id not in (select customer_id from used_id union all select customer_id from mapped)
        group by imported_id.customer_id, mapped.customer_id
        qualify row_number() over (
            partition by imported_id.customer_id order by count(*) desc, mapped.customer_id
        ) = 1
    """


def _changes_sql() -> str:
    return f"""
        with
        {_record_changes()},
        {_beginnings()},
        {_ends()},
        changes as (
            from joined union all from departed union all from judged union all from created union all from restored
            union all from split union all from known union all from retired union all from merged
        )
        select
            md5(concat_ws('|', change_type, customer_id, other_customer_id, record_id, $run_id)) as change_id,
            change_type,
            customer_id,
            other_customer_id,
            record_id,
            evidence,
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
                joining.evidence,
                case when before.customer_id is null then node.began_at end as effective_at
            from mapped
            join node using (record_id)
            left join previous_map as before using (record_id)
            left join joining using (record_id)
            where before.customer_id is distinct from mapped.customer_id
        ),
        departed as (
            select
                'left', before.customer_id, mapped.customer_id, before.record_id,
                case
                    when mapped.customer_id is null then '{"reason":"its record is gone"}'
                    else coalesce(parting.evidence, joining.evidence)
                end,
                null::timestamp
            from previous_map as before
            left join mapped using (record_id)
            left join joining using (record_id)
            left join parting on before.customer_id = parting.from_id and mapped.customer_id = parting.to_id
            where before.customer_id is distinct from mapped.customer_id
        ),
        judged as (
            select 'judged', customer_id, other_customer_id, record_id, evidence, recorded_at from heard
        )
    """


def _beginnings() -> str:
    """created: an id that never was. restored: one that was retired, given back to records that held it last."""
    return f"""
        origins as ({origins_sql()}),
        created as (
            select
                'created', customer_id, null::varchar, record_id,
                importing.evidence,
                case when from_id is null then began_at end
            from now_customer
            left join origins on customer_id = to_id
            left join importing using (customer_id)
            where not was_used
        ),
        restored as (
            select
                'restored', customer_id, from_id, null::varchar,
                coalesce(given_back.evidence, importing.evidence), null::timestamp
            from now_customer
            left join origins on customer_id = to_id
            left join given_back using (customer_id)
            left join importing using (customer_id)
            where was_used and not was_in_use
        ),
        split as (
            select 'split', to_id, from_id, null::varchar, parting.evidence, null::timestamp
            from origins
            left join parting using (from_id, to_id)
        ),
        known as (
            select 'known', customer_id, null::varchar, null::varchar, null::varchar, known_from
            from now_customer
            join before_customer using (customer_id)
            where now_customer.is_known and not before_customer.is_known
        )
    """


def _ends() -> str:
    """merged: into one that was there before. An imported id that never came to be used is only retired."""
    return """
        ended as (
            select customer_id from before_customer where not is_in_use
            union all
            select from_id from successor where from_id not in (select customer_id from before_customer)
        ),
        retired as (
            select
                'retired', customer_id, to_id, null::varchar,
                case
                    when to_id is null then '{"reason":"its records are gone"}'
                    when customer_id in (select customer_id from before_customer) then uniting.evidence
                    else importing.evidence
                end,
                null::timestamp
            from ended
            left join successor on customer_id = from_id
            left join uniting using (from_id, to_id)
            left join importing using (customer_id)
        ),
        merged as (
            select 'merged', from_id, to_id, null::varchar, uniting.evidence, null::timestamp
            from successor
            left join uniting using (from_id, to_id)
            where from_id in (select customer_id from before_customer)
                and to_id in (select customer_id from before_customer)
        )
    """
