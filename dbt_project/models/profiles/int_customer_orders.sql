-- Grain: one row per customer with an order, an invoice or a return. Revenue is net of refunds; cancelled orders do not count.
-- A refund stands on its order; goods given back at a till without one are taken off as int_returns has them.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
orders as (
    select * from {{ ref('int_orders') }} where {{ cdp.is_counted_order() }}
),
invoices as (
    select * from {{ ref('int_invoices') }}
),
returns_without_order as (
    select record_id, amount_usd from {{ ref('int_returns') }} where order_id is null
),
revenue as (
    select
        record_id, true as is_order, coalesce(ordered_at, updated_at) as ordered_at,
        coalesce(total_usd, 0) - coalesce(refunded_usd, 0) as orders_usd,
        cast(0 as decimal(18,2)) as invoices_usd
    from orders
    union all
    select record_id, false, null, -coalesce(amount_usd, 0), 0 from returns_without_order
    union all
    select record_id, false, null, 0, coalesce(amount_paid_usd, 0) from invoices
),
final as (
    select
        identity_map.customer_id,
        count(*) filter (where revenue.is_order) as orders_count,
        min(revenue.ordered_at) as first_order_at,
        max(revenue.ordered_at) as last_order_at,
        cast(sum(revenue.orders_usd) as decimal(18,2)) as orders_revenue_usd,
        cast(sum(revenue.invoices_usd) as decimal(18,2)) as invoices_revenue_usd
    from revenue
    inner join identity_map on identity_map.record_id = revenue.record_id
    group by 1
)
select * from final
