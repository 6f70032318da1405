-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
final as (
    select
        customer_id,
        coalesce(orders_count >= 1, false) as has_ordered,
        coalesce(first_order_at >= {{ cdp.as_of() }} - interval 30 day, false) as has_first_order_in_last_30_days
    from customers
)
select * from final
