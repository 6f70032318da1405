-- Grain: one row per customer with a touch in the 90 days before `moment`: what they did with us, and by which channel.
{{ config(materialized='as_of') }}
with timeline as (
    select *, occurred_at >= moment - interval 30 day as is_recent, actor = 'customer' as is_own
    from {{ ref('customer_timeline') }}
    where occurred_at >= moment - interval 90 day and occurred_at <= moment and customer_id is not null
),

counted as (
    select
        customer_id,
        count(*) filter (where touch_type in ('visit', 'event') and is_recent) as events_last_30_days_count,
        count(*) filter (where touch_type in ('visit', 'event')) as events_last_90_days_count,
        count(*) filter (where touch_type = 'message' and actor = 'company') as messages_sent_last_90_days_count,
        count(*) filter (where touch_type = 'message' and actor = 'customer') as messages_engaged_last_90_days_count,
        count(*) filter (where touch_type = 'ticket' and actor = 'customer') as tickets_last_90_days_count,
        {%- for channel, touch_types in {'web': "'visit', 'event'", 'app': "'visit', 'event'", 'email': "'message'", 'store': "'order', 'return'"}.items() %}
        count(*) filter (where channel = '{{ channel }}' and is_own and touch_type in ({{ touch_types }}) and is_recent) as {{ channel }}_last_30_days_count,
        count(*) filter (where channel = '{{ channel }}' and is_own and touch_type in ({{ touch_types }})) as {{ channel }}_last_90_days_count{{ ',' if not loop.last }}
        {%- endfor %}
    from timeline
    group by customer_id
)

select * from counted
