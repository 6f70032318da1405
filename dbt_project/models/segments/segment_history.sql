-- Grain: one row per change of membership: those of the previous generation and this run's.
with previous_history as (
    select * from {{ ref('int_previous_segment_history') }}
),
previous_members as (
    select * from {{ ref('int_previous_segment_members') }}
),
members as (
    select * from {{ ref('segment_members') }}
),
exits as (
    select * from {{ ref('int_segment_exits') }}
),
entered as (
    select members.segment, members.customer_id, 'entered' as change_type, members.reason
    from members
    left join previous_members
        on previous_members.segment = members.segment and previous_members.customer_id = members.customer_id
    where previous_members.customer_id is null
),
departed as (
    select
        previous_members.segment, previous_members.customer_id, 'left' as change_type,
        coalesce(exits.reason, 'no longer considered') as reason
    from previous_members
    left join members on members.segment = previous_members.segment and members.customer_id = previous_members.customer_id
    left join exits on exits.segment = previous_members.segment and exits.customer_id = previous_members.customer_id
    where members.customer_id is null
),
final as (
    select segment, customer_id, change_type, reason, effective_at, recorded_at, run_id from previous_history
    union all
    select
        segment, customer_id, change_type, reason,
        {{ cdp.as_of() }} as effective_at, {{ cdp.run_started_at() }} as recorded_at, {{ cdp.run_id() }} as run_id
    from (select * from entered union all select * from departed)
)
select * from final
