-- Grain: one row per segment and condition, by the records of those who meet it: more records are more that is known of a person.
-- any_of: of all, those of more records meet it more often. of_absence: of those who meet all others, those of more records meet it
-- less often, as has not ordered since does: members have fewer on average than who fails it alone.
with definitions as (
    select segment, unnest(conditions) as condition, cast(pow(2, generate_subscripts(conditions, 1) - 1) as bigint) as bit
    from {{ ref('int_segment_definitions') }}
),
patterns as (
    select * from {{ ref('int_segment_patterns') }}
),
leanings as (
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
),
absences as (
    select
        definitions.segment, definitions.bit,
        sum(patterns.records_count * patterns.customers_count) filter (where patterns.failed = 0)
        / sum(patterns.customers_count) filter (where patterns.failed = 0)
        < sum(patterns.records_count * patterns.customers_count) filter (where patterns.failed = definitions.bit)
        / sum(patterns.customers_count) filter (where patterns.failed = definitions.bit) as is_of_absence
    from definitions
    inner join patterns on patterns.segment = definitions.segment
    group by definitions.segment, definitions.bit
),
final as (
    select leanings.segment, leanings.bit, leanings.is_any_of, coalesce(absences.is_of_absence, false) as is_of_absence
    from leanings
    inner join absences on absences.segment = leanings.segment and absences.bit = leanings.bit
)
select * from final
