-- Grain: one row per segment and run: how large it was.
with before as (
    {{ cdp.previous('customers', 'segment_sizes', {
        'segment': 'varchar', 'run_id': 'varchar', 'effective_at': 'timestamp', 'recorded_at': 'timestamp',
        'considered_count': 'bigint', 'members_count': 'bigint', 'entered_count': 'bigint', 'left_count': 'bigint'
    }) }}
),
-- a run that is repeated after it published is counted anew
final as (
    select * from before where run_id <> {{ cdp.run_id() }}
    union all
    select
        segment, {{ cdp.run_id() }} as run_id, {{ cdp.as_of() }} as effective_at, {{ cdp.run_started_at() }} as recorded_at,
        considered_count, members_count, entered_count, left_count
    from {{ ref('segments') }}
)
select * from final
