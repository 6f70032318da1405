"""What a run does to the published map, as one row of figures: what the budgets of change are set on.

Belongs here: the figures. Must not go here: the budgets (expectations/identity__run_effect.yml), single changes
(changes.py).
Concept: a change of the matching is a change of everybody's ids. People are person records; devices follow them and
are in no share.
"""

import duckdb


def write_effect(con: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Temporary table `effect`, the one row of identity.run_effect: `mapped` and `changed` against `previous_map`, with
    those who are `settled` on both sides.

    moved_pct: person records under another id, of those in both maps. merged_pct: ids of known customers that were
    merged into another, of those published. Both 0 to 100, and 0 where nothing was published before.
    """
    con.execute(f"create or replace temp table effect as {_effect_sql()}", {"run_id": run_id})


def _effect_sql() -> str:
    return f"""
        with
        before as ({_totals_sql("previous_map")}),
        now as ({_totals_sql("mapped")}),
        moves as (
            select
                count(*) + (select coalesce(sum(records_count), 0)::bigint from settled) as compared_records_count,
                count(*) filter (where previous_map.customer_id <> mapped.customer_id) as moved_records_count
            from previous_map
            join mapped using (record_id)
            where not mapped.is_device
        ),
        changes as (
            select
                {_counts_sql("joined", "left", "created", "restored", "split", "merged", "retired")},
                count(*) filter (where change_type = 'merged' and customer_id in (
                    select customer_id from before_customer where is_known
                )) as merged_customers_count
            from changed
        )
        select
            $run_id as run_id,
            exists (from previous_map) or exists (from settled) as has_previous,
            before.records_count as records_before_count,
            now.records_count,
            before.customers_count as customers_before_count,
            now.customers_count,
            before.visitors_count as visitors_before_count,
            now.visitors_count,
            before.largest_cluster_records_count as largest_cluster_records_before_count,
            now.largest_cluster_records_count,
            moves.*,
            {_percentage("moved_records_count", "compared_records_count")} as moved_pct,
            changes.*,
            {_percentage("merged_customers_count", "before.customers_count")} as merged_pct
        from before, now, moves, changes
    """


def _totals_sql(mapped: str) -> str:
    """The totals of a map; a cluster's size is its person records."""
    return f"""
        select
            coalesce(sum(records_count), 0)::bigint as records_count,
            count(*) filter (where records_count > 0) as customers_count,
            count(*) filter (where records_count = 0) as visitors_count,
            coalesce(max(records_count), 0) as largest_cluster_records_count
        from (
            select count(*) filter (where not is_device) as records_count from {mapped} group by customer_id
            union all
            select records_count from settled
        )
    """


def _counts_sql(*change_types: str) -> str:
    return ", ".join(f"count(*) filter (where change_type = '{name}') as {name}_count" for name in change_types)


def _percentage(part: str, whole: str) -> str:
    return f"coalesce(round(100.0 * {part} / nullif({whole}, 0), 3), 0)::double"
