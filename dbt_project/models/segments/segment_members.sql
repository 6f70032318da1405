-- Grain: one row per segment and member.
with conditions as (
    select * from {{ ref('int_segment_conditions') }}
),
members as (
    {{ cdp.members_of_all_segments() }}
),
definitions as (
    select segment, array_to_string(conditions, ', ') as reason from {{ ref('int_segment_definitions') }}
),
previous_members as (
    select * from {{ ref('int_previous_segment_members') }}
),
final as (
    select
        members.segment, members.customer_id,
        coalesce(previous_members.entered_at, {{ cdp.as_of() }}) as entered_at,
        definitions.reason
    from members
    inner join definitions on definitions.segment = members.segment
    left join previous_members
        on previous_members.segment = members.segment and previous_members.customer_id = members.customer_id
)
select * from final
