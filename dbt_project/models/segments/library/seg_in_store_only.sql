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
        coalesce(traits.store_orders_share > 0, false) as has_bought_in_stores,
        coalesce(traits.store_orders_share = 1, true) as has_bought_nowhere_else,
        coalesce(customers.last_order_at >= {{ cdp.as_of() }} - interval 365 day, false) as has_ordered_in_last_365_days
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
