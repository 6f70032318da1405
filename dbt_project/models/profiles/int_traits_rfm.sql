-- Grain: one row per customer who had ordered by `moment`. Recency, frequency and monetary value of orders until then.
-- Scores are fifths among these customers, 5 the best; equal values share a score.
{{ config(materialized='as_of') }}
with customers as (
    select customer_id from {{ ref('customers') }}
),

measured as (
    select
        facts.customer_id,
        datediff('day', facts.last_order_at, moment) as recency_days,
        facts.orders_count as frequency_count,
        facts.revenue_usd as monetary_usd,
        cast(facts.revenue_usd / facts.orders_count as decimal(18, 2)) as average_order_value_usd,
        cast(case when facts.orders_count > 1 then facts.active_days * 1.0 / (facts.orders_count - 1) end as double) as days_between_orders
    from {{ ref('int_order_facts') }}(moment) as facts
    inner join customers on customers.customer_id = facts.customer_id
),

scored as (
    select
        *,
        {{ cdp.quintile('-recency_days') }} as recency_score,
        {{ cdp.quintile('frequency_count') }} as frequency_score,
        {{ cdp.quintile('monetary_usd') }} as monetary_score
    from measured
),

final as (
    select
        *,
        case
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
