-- Fails if revenue in customers differs from what int_orders, int_returns and int_invoices hold of their records, by a cent.
with identity_map as (
    select * from {{ source('identity', 'identity_map') }}
),
known_records as (
    select record_id
    from identity_map
    where customer_id in (select customer_id from identity_map where not is_device)
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
in_returns as (
    select coalesce(sum(amount_usd), 0) as orders_usd
    from {{ ref('int_returns') }}
    where order_id is null and record_id in (select record_id from known_records)
),
in_invoices as (
    select coalesce(sum(coalesce(amount_paid_usd, 0)), 0) as invoices_usd
    from {{ ref('int_invoices') }}
    where record_id in (select record_id from known_records)
)
select *
from in_customers, in_orders, in_returns, in_invoices
where in_customers.orders_usd <> in_orders.orders_usd - in_returns.orders_usd
    or in_customers.orders_count <> in_orders.orders_count
    or in_customers.invoices_usd <> in_invoices.invoices_usd
    or in_customers.lifetime_usd <> in_orders.orders_usd - in_returns.orders_usd + in_invoices.invoices_usd
