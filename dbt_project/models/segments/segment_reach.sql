-- Grain: one row per segment and channel: how many members marketing may reach, and how many are left for a promotion.
with members as (
    select segment, customer_id from {{ ref('segment_members') }}
),
segments as (
    select segment, members_count from {{ ref('segments') }}
),
suppressed as (
    select distinct customer_id from ({{ cdp.suppressed_customers('promotion') }})
),
reached as (
    select
        members.segment,
        count(suppressed.customer_id) as suppressed_count,
        {%- for channel in cdp.channels() %}
        count(*) filter (where traits.is_reachable_by_{{ channel }}) as reachable_by_{{ channel }},
        count(*) filter (where traits.is_reachable_by_{{ channel }} and suppressed.customer_id is null) as sendable_by_{{ channel }}{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    inner join {{ ref('customer_traits') }} as traits on traits.customer_id = members.customer_id
    left join suppressed on suppressed.customer_id = members.customer_id
    group by 1
),
final as (
    {%- for channel in cdp.channels() %}
    select
        segments.segment, '{{ channel }}' as channel, segments.members_count,
        coalesce(reached.reachable_by_{{ channel }}, 0) as reachable_count,
        coalesce(reached.suppressed_count, 0) as suppressed_count,
        coalesce(reached.sendable_by_{{ channel }}, 0) as sendable_count
    from segments
    left join reached on reached.segment = segments.segment
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)
select * from final
