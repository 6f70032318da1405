-- Grain: one row per ticket: what led up to it in the 30 days before. An agent reads it; no free text of anybody is in it.
-- Use of the product is compared twice: 14 days with the 14 before, and the last 48 hours with the same hours of the four weeks
-- before, since a week has its rhythm and a fault shows within hours.
with timeline as (
    select customer_id, account_id, touch_id, occurred_at, touch_type, title, actor, source_id, amount_usd from {{ ref('customer_timeline') }}
),
openings as (
    select source_id as ticket_id, customer_id, account_id, occurred_at as opened_at from timeline
    where touch_type = 'ticket' and starts_with(touch_id, 'ticket:')
),
tickets as (
    select
        openings.*, tickets.priority, tickets.status, tickets.is_open, tickets.is_severe,
        row_number() over by_customer - 1 as customer_tickets_before_count,
        lag(openings.opened_at) over by_customer as last_ticket_at,
        count(*) over by_account - 1 as account_tickets_before_count
    from openings
    inner join {{ ref('int_tickets') }} as tickets on tickets.ticket_id = openings.ticket_id
    window
        by_customer as (partition by openings.customer_id order by openings.opened_at, openings.ticket_id),
        by_account as (partition by openings.account_id order by openings.opened_at range between interval 30 day preceding and current row)
),
before as (
    select
        tickets.ticket_id, tickets.customer_id, timeline.occurred_at, timeline.touch_type, timeline.title, timeline.actor, timeline.source_id, timeline.amount_usd,
        datediff('minute', timeline.occurred_at, tickets.opened_at) / 60.0 as hours_before
    from tickets
    inner join timeline on timeline.customer_id = tickets.customer_id
    where timeline.occurred_at < tickets.opened_at and timeline.occurred_at >= tickets.opened_at - interval 30 day
),
-- the first time of each is a step of getting started
first_steps as (
    select customer_id, title, min(occurred_at) as occurred_at
    from timeline
    where touch_type = 'event' and {{ cdp.is_onboarding_event('title') }} and customer_id in (select customer_id from openings)
    group by 1, 2
),
details as (
    -- what the product says of its own events: the feature and how it went
    select
        events.event_id,
        {{ cdp.json_texts('events.properties', ['feature', 'feature_name', 'workflow_id', 'status', 'outcome']) }} as said
    from {{ ref('int_events') }} as events
    where events.event_id in (select source_id from before where touch_type = 'event')
),
steps as (
    select
        before.*,
        coalesce(details.said[1], details.said[2], details.said[3]) as feature,
        before.touch_type = 'event' and {{ cdp.is_product_change('before.title') }} as is_product_change,
        before.touch_type = 'event' and {{ cdp.is_product_use('before.title') }} as is_use,
        before.touch_type = 'event' and first_steps.title is not null as is_onboarding,
        before.touch_type = 'event' and ({{ cdp.is_failure('before.title', 'coalesce(details.said[4], details.said[5])') }}) as is_failed
    from before
    left join details on details.event_id = before.source_id
    left join first_steps
        on first_steps.customer_id = before.customer_id and first_steps.title = before.title and first_steps.occurred_at = before.occurred_at
),
summed as (
    select
        ticket_id,
        max(occurred_at) filter (where is_product_change) as product_changed_at,
        max_by(feature, occurred_at) filter (where is_product_change) as changed_feature,
        max(occurred_at) filter (where is_use and not is_failed) as last_used_at,
        max_by(title, occurred_at) filter (where is_use and feature is not null and not is_failed) as last_used,
        max(occurred_at) filter (where is_failed) as last_failed_at,
        max_by(title, occurred_at) filter (where is_failed) as last_failed,
        count(*) filter (where is_failed) as failures_count,
        max(occurred_at) filter (where touch_type = 'message' and actor = 'company') as last_message_at,
        max_by(title, occurred_at) filter (where touch_type = 'message' and actor = 'company') as last_message,
        max(occurred_at) filter (where touch_type in ('invoice', 'subscription')) as last_billing_at,
        max_by(title, occurred_at) filter (where touch_type in ('invoice', 'subscription')) as last_billing,
        max(occurred_at) filter (where is_onboarding) as last_onboarding_at,
        max_by(title, occurred_at) filter (where is_onboarding) as last_onboarding,
        max(occurred_at) filter (where touch_type = 'order') as last_order_at,
        count(*) filter (where is_use and hours_before < 14 * 24) as events_14_days_count,
        count(*) filter (where is_use and hours_before >= 14 * 24 and hours_before < 28 * 24) as events_14_days_earlier_count,
        count(*) filter (where is_use and hours_before < 48) as events_48_hours_count,
        count(*) filter (where is_use and hours_before >= 168 and hours_before % 168 < 48) / 4.0 as events_48_hours_usual
    from steps
    group by 1
),
judged as (
    select
        *,
        {{ cdp.has_fallen('events_14_days_count', 'events_14_days_earlier_count', var('healthy_events_count')) }}
        or coalesce(events_48_hours_usual >= 4 and events_48_hours_count <= events_48_hours_usual / 2, false) as is_usage_drop
    from summed
),
final as (
    select
        tickets.ticket_id, tickets.customer_id, tickets.account_id, tickets.opened_at, tickets.priority, tickets.status, tickets.is_open, tickets.is_severe,
        {{ cdp.what_led_up() }} as led_up_to,
        judged.product_changed_at, judged.changed_feature, judged.last_used_at, judged.last_used, judged.last_failed_at, judged.last_failed,
        coalesce(judged.failures_count, 0) as failures_count,
        judged.last_message_at, judged.last_message,
        coalesce(judged.events_14_days_count, 0) as events_14_days_count,
        coalesce(judged.events_14_days_earlier_count, 0) as events_14_days_earlier_count,
        coalesce(judged.events_48_hours_count, 0) as events_48_hours_count,
        cast(coalesce(judged.events_48_hours_usual, 0) as double) as events_48_hours_usual,
        coalesce(judged.is_usage_drop, false) as is_usage_drop,
        judged.last_billing_at, judged.last_billing, judged.last_onboarding_at, judged.last_onboarding, judged.last_order_at,
        case when tickets.customer_id is null then 0 else tickets.customer_tickets_before_count end as customer_tickets_before_count,
        case when tickets.customer_id is not null then tickets.last_ticket_at end as last_ticket_at,
        case when tickets.account_id is null then 0 else tickets.account_tickets_before_count end as account_tickets_before_count
    from tickets
    left join judged on judged.ticket_id = tickets.ticket_id
)
select * from final
