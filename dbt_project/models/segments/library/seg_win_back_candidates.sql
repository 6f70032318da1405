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
        customers.orders_count > 0 as has_ordered,
        coalesce(customers.last_order_at < {{ cdp.as_of() }} - interval 180 day, false) as has_not_ordered_for_180_days,
        coalesce(customers.last_seen_at >= {{ cdp.as_of() }} - interval 60 day, false) as has_been_seen_in_last_60_days,
        traits.is_reachable_by_email or traits.is_reachable_by_sms or traits.is_reachable_by_phone as may_be_written_to
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
