-- Grain: one row per segment and condition: does it hold more often for profiles of more records (any_of: has ordered, is large) or less
-- often (has not ordered since)? More records are more that is known of a person.
with definitions as (
    select segment, unnest(conditions) as condition, cast(pow(2, generate_subscripts(conditions, 1) - 1) as bigint) as bit
    from {{ ref('int_segment_definitions') }}
),
patterns as (
    select * from {{ ref('int_segment_patterns') }}
),
final as (
    select
        definitions.segment, definitions.bit,
        summed.fails_size / summed.total - (summed.fails / summed.total) * (summed.size / summed.total) < 0 as is_any_of
    from definitions
    inner join (
        select
            definitions.segment, definitions.bit,
            cast(sum(patterns.customers_count) as double) as total,
            sum(patterns.customers_count * patterns.records_count) as size,
            coalesce(sum(patterns.customers_count) filter (where (patterns.failed // definitions.bit) % 2 = 1), 0) as fails,
            coalesce(sum(patterns.customers_count * patterns.records_count) filter (where (patterns.failed // definitions.bit) % 2 = 1), 0) as fails_size
        from definitions
        inner join patterns on patterns.segment = definitions.segment
        group by 1, 2
    ) as summed on summed.segment = definitions.segment and summed.bit = definitions.bit
)
select * from final
