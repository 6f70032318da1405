-- Fails if a customer's entries in the ledger do not add up to the revenue of its orders, or count other orders.
with ledger as (
    select customer_id, sum(amount_usd) as revenue_usd, count(*) filter (where kind = 'order') as orders_count
    from {{ ref('int_customer_ledger') }}
    where cancelled_at is null
    group by customer_id
),

customers as (
    select customer_id, orders_revenue_usd, orders_count from {{ ref('customers') }}
)

select customers.customer_id
from customers
left join ledger on ledger.customer_id = customers.customer_id
where
    coalesce(ledger.revenue_usd, 0) <> customers.orders_revenue_usd
    or coalesce(ledger.orders_count, 0) <> customers.orders_count
