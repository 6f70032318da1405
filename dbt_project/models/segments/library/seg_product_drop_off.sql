-- Grain: one row per known customer.
with traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customer_id,
        product_uses_30_days_before_count >= 5 as has_used_product_before,
        coalesce(product_usage_trend_ratio <= 0.5, false) as has_halved_usage
    from traits
)
select * from final
