-- Grain: one row per customer with an order or an invoice. Revenue is net of refunds; cancelled orders do not count.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
orders as (
    select * from {{ ref('int_orders') }} where {{ cdp.is_counted_order() }}
),
invoices as (
    select * from {{ ref('int_invoices') }}
),
by_order as (
    select
        identity_map.customer_id,
        count(*) as orders_count,
        min(orders.ordered_at) as first_order_at,
        max(orders.ordered_at) as last_order_at,
        cast(sum(coalesce(orders.total_usd, 0) - coalesce(orders.refunded_usd, 0)) as decimal(18,2)) as orders_revenue_usd
    from orders
    inner join identity_map on identity_map.record_id = orders.record_id
    group by 1
),
by_invoice as (
    select identity_map.customer_id, cast(sum(coalesce(invoices.amount_paid_usd, 0)) as decimal(18,2)) as invoices_revenue_usd
    from invoices
    inner join identity_map on identity_map.record_id = invoices.record_id
    group by 1
),
final as (
    select
        coalesce(by_order.customer_id, by_invoice.customer_id) as customer_id,
        coalesce(by_order.orders_count, 0) as orders_count,
        by_order.first_order_at,
        by_order.last_order_at,
        cast(coalesce(by_order.orders_revenue_usd, 0) as decimal(18,2)) as orders_revenue_usd,
        cast(coalesce(by_invoice.invoices_revenue_usd, 0) as decimal(18,2)) as invoices_revenue_usd
    from by_order
    full join by_invoice on by_invoice.customer_id = by_order.customer_id
)
select * from final
