-- Grain: one row per segment, condition and customer who meets every other condition of it: the first hundred by id, since
-- ids are drawn at random; segment_waterfall counts them all.
with definitions as (
    select segment, unnest(conditions) as condition, cast(pow(2, generate_subscripts(conditions, 1) - 1) as bigint) as failed
    from {{ ref('int_segment_definitions') }}
),
conditions as (
    select * from {{ ref('int_segment_conditions') }}
),
considered as (
    {{ cdp.long_conditions() }}
),
picked as (
    select definitions.segment, definitions.condition, min(considered.customer_id, 100) as customer_ids
    from definitions
    inner join considered on considered.segment = definitions.segment and considered.failed = definitions.failed
    group by 1, 2
),
final as (
    select segment, condition, unnest(customer_ids) as customer_id from picked
)
select * from final
