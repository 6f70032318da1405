-- Grain: one row per known customer.
with traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customer_id,
        coalesce(frequency_count >= 1, false) as has_ordered,
        coalesce(discounted_orders_share = 1, false) as has_bought_at_a_discount_only
    from traits
)
select * from final
