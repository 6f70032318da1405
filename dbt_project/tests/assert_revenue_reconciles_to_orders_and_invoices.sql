-- Fails if revenue in customers differs from their records' rows of int_orders and int_invoices by a cent.
with known_records as (
    select identity_map.record_id
    from {{ source('identity', 'identity_map') }} as identity_map
    inner join {{ ref('customers') }} as customers on customers.customer_id = identity_map.customer_id
),
in_customers as (
    select sum(orders_revenue_usd) as orders_usd, sum(invoices_revenue_usd) as invoices_usd, sum(lifetime_value_usd) as lifetime_usd, sum(orders_count) as orders_count
    from {{ ref('customers') }}
),
in_orders as (
    select coalesce(sum(coalesce(total_usd, 0) - coalesce(refunded_usd, 0)), 0) as orders_usd, count(*) as orders_count
    from {{ ref('int_orders') }}
    where {{ cdp.is_counted_order() }} and record_id in (select record_id from known_records)
),
in_invoices as (
    select coalesce(sum(coalesce(amount_paid_usd, 0)), 0) as invoices_usd
    from {{ ref('int_invoices') }}
    where record_id in (select record_id from known_records)
)
select *
from in_customers, in_orders, in_invoices
where in_customers.orders_usd <> in_orders.orders_usd
    or in_customers.orders_count <> in_orders.orders_count
    or in_customers.invoices_usd <> in_invoices.invoices_usd
    or in_customers.lifetime_usd <> in_orders.orders_usd + in_invoices.invoices_usd
