-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customers.customer_id,
        customers.active_subscriptions_count > 0 as has_active_subscription,
        traits.product_days_last_30_days_count >= 5 as has_used_product_on_5_days_in_last_30,
        traits.features_used_last_90_days_count >= 4 as has_used_4_features,
        coalesce(traits.product_usage_trend_ratio >= 1, traits.product_uses_last_30_days_count > 0) as has_steady_or_rising_usage,
        customers.open_severe_tickets_count = 0 as has_no_open_severe_ticket
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
