-- Grain: one row per change of membership: those of the previous generation and this run's.
-- The reason of an entry is what became true since; of an exit, what is true no longer.
with previous_history as (
    select * from {{ ref('int_previous_segment_history') }}
),
previous_members as (
    select * from {{ ref('int_previous_segment_members') }}
),
previous_conditions as (
    select * from {{ ref('int_previous_segment_conditions') }}
),
previous_segments as (
    select segment, string_split(conditions, ', ') as conditions from {{ ref('int_previous_segments') }}
),
conditions as (
    select * from {{ ref('int_segment_conditions') }}
),
definitions as (
    select segment, conditions from {{ ref('int_segment_definitions') }}
),
members as (
    select segment, customer_id from {{ ref('segment_members') }}
),
changes as (
    select
        coalesce(members.segment, previous_members.segment) as segment,
        coalesce(members.customer_id, previous_members.customer_id) as customer_id,
        case when previous_members.segment is null then 'entered' else 'left' end as change_type
    from members
    full join previous_members on previous_members.segment = members.segment and previous_members.customer_id = members.customer_id
    where members.segment is null or previous_members.segment is null
),
failed as (
    {{ cdp.long_conditions() }}
),
failed_before as (
    {{ cdp.long_conditions('previous_conditions') }}
),
explained as (
    select
        changes.segment, changes.customer_id, changes.change_type, definitions.conditions,
        list_filter(
            definitions.conditions, lambda each:
            not coalesce(not {{ cdp.fails('failed_before.failed', 'list_position(previous_segments.conditions, each)') }}, false)
        ) as newly_met,
        list_filter(definitions.conditions, lambda each: {{ cdp.fails('failed.failed', 'list_position(definitions.conditions, each)') }}) as not_met
    from changes
    left join definitions on definitions.segment = changes.segment
    left join previous_segments on previous_segments.segment = changes.segment
    left join failed on failed.segment = changes.segment and failed.customer_id = changes.customer_id
    left join failed_before on failed_before.segment = changes.segment and failed_before.customer_id = changes.customer_id
),
learned as (
    select
        segment, customer_id, change_type,
        case
            when change_type = 'entered' and len(newly_met) = 0 then 'the definition changed'
            when change_type = 'entered' then array_to_string(newly_met, ', ')
            when len(not_met) > 0 then 'not ' || array_to_string(not_met, ', not ')
            else 'no longer considered'
        end as reason
    from explained
),
final as (
    select segment, customer_id, change_type, reason, effective_at, recorded_at, run_id from previous_history
    union all
    select
        segment, customer_id, change_type, reason,
        {{ cdp.as_of() }} as effective_at, {{ cdp.run_started_at() }} as recorded_at, {{ cdp.run_id() }} as run_id
    from learned
)
select * from final
