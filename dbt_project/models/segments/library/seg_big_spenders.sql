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
        coalesce(traits.monetary_score = 5, false) as is_among_top_fifth_of_spenders,
        coalesce(customers.last_order_at >= {{ cdp.as_of() }} - interval 365 day, false) as has_ordered_in_last_365_days
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
