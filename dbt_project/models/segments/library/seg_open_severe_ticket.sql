-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
final as (
    select
        customer_id,
        open_severe_tickets_count > 0 as has_open_severe_ticket
    from customers
)
select * from final
