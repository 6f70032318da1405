-- Grain: one row per segment.
{%- set known = {'segment': 'varchar', 'definition_hash': 'varchar', 'defined_at': 'timestamp'} %}
with definitions as (
    {{ cdp.segment_definitions() }}
),
previous_segments as (
    {{ cdp.previous('customers', 'segments', known) }}
),
members as (
    select segment, count(*) as members_count from {{ ref('segment_members') }} group by 1
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
        definitions.segment, definitions.description, definitions.owner, definitions.conditions, definitions.considered_count,
        coalesce(members.members_count, 0) as members_count,
        coalesce(changes.entered_count, 0) as entered_count,
        coalesce(changes.left_count, 0) as left_count,
        definitions.definition_hash,
        coalesce(previous_segments.defined_at, {{ cdp.as_of() }}) as defined_at
    from definitions
    left join members on members.segment = definitions.segment
    left join changes on changes.segment = definitions.segment
    left join previous_segments
        on previous_segments.segment = definitions.segment and previous_segments.definition_hash = definitions.definition_hash
)
select * from final
