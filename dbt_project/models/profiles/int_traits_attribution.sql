-- Grain: one row per customer who had come by a known channel by `moment`: the first and the last of them.
{{ config(materialized='as_of') }}
select
    customer_id,
    arg_min(channel, touch_number) as first_touch_channel,
    arg_min(campaign, touch_number) filter (where campaign is not null) as first_touch_campaign,
    min(occurred_at) as first_touch_at,
    arg_max(channel, touch_number) as last_touch_channel,
    arg_max(campaign, touch_number) filter (where campaign is not null) as last_touch_campaign,
    max(occurred_at) as last_touch_at
from {{ ref('int_customer_touches') }}
where occurred_at <= moment
group by customer_id
