-- Grain: one row per customer with an order or a running subscription: whether it will buy again, or leave.
{{ config(materialized='view') }}
select
    customer_id,
    repeat_purchase_probability_90_days,
    order_churn_probability_12_months,
    subscription_churn_probability_90_days
from {{ source('scoring', 'customer_scores') }}
