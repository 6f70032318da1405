-- Grain: one row per known customer. Recency, frequency and monetary value of orders, as of the run's moment.
-- Scores are fifths among customers with an order, 5 the best; equal values share a score. No order, no score.
with customers as (
    select * from {{ ref('customers') }}
),
measured as (
    select
        customer_id, orders_count,
        case when orders_count > 0 then datediff('day', last_order_at, {{ cdp.as_of() }}) end as recency_days,
        case when orders_count > 0 then orders_revenue_usd end as monetary_usd,
        cast(orders_revenue_usd / nullif(orders_count, 0) as decimal(18,2)) as average_order_value_usd,
        case when orders_count > 1 then datediff('day', first_order_at, last_order_at) * 1.0 / (orders_count - 1) end as days_between_orders
    from customers
),
scored as (
    select
        *,
        {{ cdp.quintile('-recency_days') }} as recency_score,
        {{ cdp.quintile('nullif(orders_count, 0)') }} as frequency_score,
        {{ cdp.quintile('monetary_usd') }} as monetary_score
    from measured
),
final as (
    select
        customer_id, recency_days, orders_count as frequency_count, monetary_usd, average_order_value_usd,
        cast(days_between_orders as double) as days_between_orders,
        recency_score, frequency_score, monetary_score,
        case
            when recency_score is null then 'no order'
            when recency_score >= 4 and frequency_score >= 4 then 'champion'
            when recency_score >= 3 and frequency_score >= 3 then 'loyal'
            when recency_score >= 4 then 'recent'
            when recency_score <= 2 and frequency_score >= 4 then 'at risk'
            when recency_score <= 2 and monetary_score >= 4 then 'big spender lost'
            when recency_score <= 2 then 'lapsed'
            else 'occasional'
        end as rfm_segment
    from scored
)
select * from final
