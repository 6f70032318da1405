-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
final as (
    select
        customer_id,
        lifecycle_stage = 'customer' as is_customer,
        coalesce(last_seen_at >= {{ cdp.as_of() }} - interval 30 day, false) as has_been_seen_in_last_30_days
    from customers
)
select * from final
