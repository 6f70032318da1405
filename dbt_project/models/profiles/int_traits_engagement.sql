-- Grain: one row per known customer with an event or a message: what they did with us in the last 30 and 90 days.
with timeline as (
    select * from {{ ref('customer_timeline') }} where occurred_at >= {{ cdp.as_of() }} - interval 90 day
),
final as (
    select
        customer_id,
        count(*) filter (where touch_type in ('visit', 'event') and occurred_at >= {{ cdp.as_of() }} - interval 30 day) as events_last_30_days_count,
        count(*) filter (where touch_type in ('visit', 'event')) as events_last_90_days_count,
        count(*) filter (where touch_type = 'message' and actor = 'company') as messages_sent_last_90_days_count,
        count(*) filter (where touch_type = 'message' and actor = 'customer') as messages_engaged_last_90_days_count,
        count(*) filter (where touch_type = 'ticket' and actor = 'customer') as tickets_last_90_days_count
    from timeline
    group by 1
)
select * from final
