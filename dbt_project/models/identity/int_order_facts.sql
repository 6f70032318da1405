-- Grain: one row per customer who had ordered by `moment`: what its orders came to until then, and nothing later.
-- A purchase is a day with orders: two orders of one day are one visit to the shop, as the models of buying count.
{{ config(materialized='as_of') }}
with entries as (
    select *, cast(occurred_at as date) as day
    from {{ ref('int_customer_ledger') }}
    where occurred_at <= moment and (cancelled_at is null or cancelled_at > moment)
),

days as (
    select
        customer_id,
        day,
        count(*) filter (where kind = 'order') as orders_count,
        min(occurred_at) filter (where kind = 'order') as first_order_at,
        max(occurred_at) filter (where kind = 'order') as last_order_at,
        sum(amount_usd) as revenue_usd,
        sum(amount_usd) filter (where kind = 'order') as ordered_usd
    from entries
    group by customer_id, day
),

facts as (
    select
        customer_id,
        cast(sum(orders_count) as bigint) as orders_count,
        count(*) filter (where orders_count > 0) as purchase_days_count,
        min(first_order_at) as first_order_at,
        max(last_order_at) as last_order_at,
        datediff('day', min(first_order_at), max(last_order_at)) as active_days,
        datediff('day', min(first_order_at), moment) as age_days,
        cast(sum(revenue_usd) as decimal(18, 2)) as revenue_usd,
        avg(ordered_usd) filter (where orders_count > 0) as purchase_usd
    from days
    group by customer_id
)

select * from facts where orders_count > 0
