-- Grain: one row per known customer.
with traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customer_id,
        coalesce(frequency_count >= 3, false) as has_three_orders,
        coalesce(recency_days > 2 * days_between_orders, false) as is_later_than_twice_own_rhythm,
        coalesce(recency_days between 60 and 365, false) as has_last_ordered_60_to_365_days_ago
    from traits
)
select * from final
