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
        coalesce(customers.is_marketing_email_allowed, false) as allows_marketing_email,
        traits.messages_engaged_last_90_days_count >= 2 as has_opened_or_clicked_twice_in_last_90_days
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
