-- Grain: one row per segment, set of conditions failed, and number of records of a customer: customers_count. Sizes above eight are
-- too few to tell apart.
with sizes as (
    select customer_id, records_count from {{ ref('customers') }}
),
considered as (
    {{ cdp.long_conditions(ref('int_segment_conditions')) }}
),
final as (
    select considered.segment, cast(considered.failed as bigint) as failed, least(sizes.records_count, 8) as records_count, count(*) as customers_count
    from considered
    inner join sizes on sizes.customer_id = considered.customer_id
    group by 1, 2, 3
)
select * from final
