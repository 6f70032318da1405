-- Grain: one row per segment.
with definitions as (
    select * from {{ ref('int_segment_definitions') }}
),
previous_segments as (
    select * from {{ ref('int_previous_segments') }}
),
conditions as (
    select * from {{ ref('int_segment_conditions') }}
),
patterns as (
    {{ cdp.failure_patterns() }}
),
sizes as (
    select segment, sum(customers_count) as considered_count, coalesce(sum(customers_count) filter (where failed = 0), 0) as members_count
    from patterns
    group by 1
),
changes as (
    select
        segment,
        count(*) filter (where change_type = 'entered') as entered_count,
        count(*) filter (where change_type = 'left') as left_count
    from {{ ref('segment_history') }}
    where run_id = {{ cdp.run_id() }}
    group by 1
),
final as (
    select
        definitions.segment, definitions.description, definitions.owner,
        array_to_string(definitions.conditions, ', ') as conditions,
        definitions.suppresses,
        cast(coalesce(sizes.considered_count, 0) as bigint) as considered_count,
        cast(coalesce(sizes.members_count, 0) as bigint) as members_count,
        coalesce(changes.entered_count, 0) as entered_count,
        coalesce(changes.left_count, 0) as left_count,
        definitions.definition_hash,
        definitions.written_at,
        coalesce(previous_segments.defined_at, {{ cdp.as_of() }}) as defined_at
    from definitions
    left join sizes on sizes.segment = definitions.segment
    left join changes on changes.segment = definitions.segment
    left join previous_segments
        on previous_segments.segment = definitions.segment and previous_segments.definition_hash = definitions.definition_hash
)
select * from final
