-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
final as (
    select
        customer_id,
        orders_count > 0 as has_ordered,
        coalesce(last_order_at < {{ cdp.as_of() }} - interval 365 day, false) as has_not_ordered_for_365_days,
        active_subscriptions_count = 0 as has_no_active_subscription
    from customers
)
select * from final
