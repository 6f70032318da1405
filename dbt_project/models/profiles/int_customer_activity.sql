-- Grain: one row per customer or visitor with a touch of their own doing.
with timeline as (
    select * from {{ ref('customer_timeline') }}
),
final as (
    select
        customer_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        count(*) filter (where touch_type = 'visit') as visits_count,
        count(*) filter (where touch_type in ('visit', 'event')) as events_count,
        count(*) filter (where touch_type in ('visit', 'event') and occurred_at >= {{ cdp.as_of() }} - interval 30 day) as events_last_30_days_count
    from timeline
    where actor = 'customer' and customer_id is not null
    group by 1
)
select * from final
