-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
carts as (
    select customer_id, max(occurred_at) as abandoned_at
    from {{ ref('customer_timeline') }}
    where touch_type = 'abandoned_cart'
    group by 1
),
final as (
    select
        customers.customer_id,
        coalesce(carts.abandoned_at >= {{ cdp.as_of() }} - interval 14 day, false) as has_abandoned_cart_in_last_14_days,
        coalesce(customers.last_order_at < carts.abandoned_at, carts.abandoned_at is not null) as has_not_ordered_since
    from customers
    left join carts on carts.customer_id = customers.customer_id
)
select * from final
