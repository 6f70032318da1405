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
        coalesce(traits.next_renewal_at <= {{ cdp.as_of() }} + interval 60 day, false) as has_renewal_in_next_60_days,
        coalesce(traits.product_usage_trend_ratio <= 0.7, traits.product_uses_last_30_days_count = 0)
        or customers.open_severe_tickets_count > 0 as has_falling_usage_or_severe_ticket
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
