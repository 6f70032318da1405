-- Grain: one row per customer with an order or a running subscription: what it will probably buy, and what it is worth.
-- A score that failed its back-test is null (score_models says why); nothing is computed from a null.
{{ config(materialized='view') }}
select
    scores.customer_id,
    scores.alive_probability,
    scores.expected_orders_12_months,
    cast(scores.expected_order_value_usd as decimal(18, 2)) as expected_order_value_usd,
    cast(scores.expected_value_12_months_usd as decimal(18, 2)) as expected_value_12_months_usd,
    cast(orders.orders_revenue_usd + scores.expected_value_12_months_usd as decimal(18, 2)) as predicted_lifetime_value_usd
from {{ source('scoring', 'customer_scores') }} as scores
left join {{ ref('int_customer_orders') }} as orders on orders.customer_id = scores.customer_id
