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
        coalesce(traits.last_browse_at >= {{ cdp.as_of() }} - interval 14 day, false) as has_browsed_in_last_14_days,
        coalesce(customers.last_order_at < traits.last_browse_at, traits.last_browse_at is not null) as has_not_ordered_since
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
