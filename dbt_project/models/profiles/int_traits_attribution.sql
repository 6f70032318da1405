-- Grain: one row per customer who had come by a known channel by `moment`: the first and the last of them.
{{ config(materialized='as_of') }}
select
    customer_id,
    arg_min(channel, (occurred_at, touch_id)) as first_touch_channel,
    arg_min(campaign, (occurred_at, touch_id)) filter (where campaign is not null) as first_touch_campaign,
    min(occurred_at) as first_touch_at,
    arg_max(channel, (occurred_at, touch_id)) as last_touch_channel,
    arg_max(campaign, (occurred_at, touch_id)) filter (where campaign is not null) as last_touch_campaign,
    max(occurred_at) as last_touch_at
from {{ ref('int_customer_touches') }}
where occurred_at <= moment
group by customer_id
