-- Grain: one row per known customer.
with traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customer_id,
        coalesce(frequency_count >= 1, false) as has_ordered,
        coalesce(discounted_orders_share = 1, true) as has_never_paid_the_full_price
    from traits
)
select * from final
