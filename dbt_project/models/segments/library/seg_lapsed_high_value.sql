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
        coalesce(traits.monetary_score >= 4, false) as is_among_biggest_spenders,
        coalesce(traits.recency_days > 180, false) as has_not_ordered_for_180_days,
        customers.active_subscriptions_count = 0 as has_no_active_subscription
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
