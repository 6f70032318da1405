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
        customers.orders_count >= 3 as has_three_orders,
        coalesce(traits.frequency_score >= 4, false) as is_among_most_frequent,
        coalesce(traits.recency_days <= 180, false) as has_ordered_in_last_180_days
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
