-- Grain: one row per segment and condition, in their order: what the conditions so far keep, and what each does alone.
with definitions as (
    select segment, unnest(conditions) as condition, unnest(condition_descriptions) as description, generate_subscripts(conditions, 1) as step
    from {{ ref('int_segment_definitions') }}
),
conditions as (
    select * from {{ ref('int_segment_conditions') }}
),
patterns as (
    {{ cdp.failure_patterns() }}
),
counted as (
    select
        definitions.segment, definitions.step, definitions.condition, definitions.description,
        coalesce(sum(patterns.customers_count), 0) as considered_count,
        coalesce(sum(patterns.customers_count) filter (where not {{ cdp.fails('patterns.failed', 'definitions.step') }}), 0) as alone_count,
        coalesce(sum(patterns.customers_count) filter (where patterns.failed % cast(pow(2, definitions.step) as bigint) = 0), 0) as kept_count,
        coalesce(sum(patterns.customers_count) filter (where patterns.failed = cast(pow(2, definitions.step - 1) as bigint)), 0) as near_misses_count
    from definitions
    left join patterns on patterns.segment = definitions.segment
    group by 1, 2, 3, 4
),
final as (
    select
        segment, cast(step as integer) as step, condition, description,
        cast(considered_count as bigint) as considered_count,
        cast(alone_count as bigint) as alone_count,
        cast(kept_count as bigint) as kept_count,
        cast(coalesce(lag(kept_count) over (partition by segment order by step), considered_count) - kept_count as bigint) as lost_count,
        cast(near_misses_count as bigint) as near_misses_count
    from counted
)
select * from final
