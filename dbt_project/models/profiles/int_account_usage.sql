-- Grain: one row per account with a touch in the last 90 days: how its people use the product, and how that compares with before.
-- recent: the last 14 days, so that one quiet week is no signal; base: the mean of the four periods of 14 days before these.
with touches as (
    select
        account_id, customer_id, actor, touch_type, touch_type = 'event' and {{ cdp.is_product_use('title') }} as is_use,
        datediff('minute', occurred_at, {{ cdp.as_of() }}) / (24 * 60.0) as days_ago, occurred_at
    from {{ ref('customer_timeline') }}
    where account_id is not null and occurred_at >= {{ cdp.as_of() }} - interval 90 day and occurred_at <= {{ cdp.as_of() }}
),
members as (
    select
        account_id, customer_id,
        count(*) filter (where is_use and days_ago < 30) as events_30,
        count(*) filter (where is_use) as events_90,
        count(*) filter (where is_use and days_ago < 14) as events_recent,
        count(*) filter (where is_use and days_ago >= 14 and days_ago < 70) as events_base,
        max(occurred_at) filter (where is_use) as last_used_at,
        max(occurred_at) filter (where actor = 'company' and touch_type not in ('merge', 'split')) as last_contacted_at
    from touches
    group by 1, 2
),
final as (
    select
        account_id,
        cast(sum(events_30) as bigint) as events_last_30_days_count,
        cast(sum(events_90) as bigint) as events_last_90_days_count,
        cast(sum(events_recent) as bigint) as events_last_14_days_count,
        cast(sum(events_base) / 4.0 as double) as events_14_days_base,
        count(*) filter (where events_30 > 0) as active_members_last_30_days_count,
        count(*) filter (where events_recent > 0) as active_members_last_14_days_count,
        count(*) filter (where events_base > 0) as active_members_base_count,
        max(last_used_at) as last_used_at,
        max(last_contacted_at) as last_contacted_at
    from members
    group by 1
)
select * from final
