-- Grain: one row per customer or visitor who signed up for the product or used it. What counts as use, and which events are
-- the steps of getting started, is declared in dbt_project.yml; days are days of the calendar, UTC.
with events as (
    select
        record_id, event_name, occurred_at,
        {{ cdp.is_product_use('event_name') }} as is_use,
        occurred_at >= {{ cdp.as_of() }} - interval 30 day as is_in_last_30_days,
        occurred_at >= {{ cdp.as_of() }} - interval 90 day as is_in_last_90_days,
        event_id
    from {{ ref('int_customer_events') }}
    where ({{ cdp.is_product_use('event_name') }} or {{ cdp.is_onboarding_event('event_name') }}) and occurred_at <= {{ cdp.as_of() }}
),
features as (
    select event_id, {{ cdp.json_text('properties', 'feature') }} as feature
    from {{ ref('int_events') }}
    where event_name = '{{ var("feature_event") }}' and occurred_at >= {{ cdp.as_of() }} - interval 90 day
),
identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
final as (
    select
        identity_map.customer_id,
        count(*) filter (where events.is_use and events.is_in_last_30_days) as product_uses_last_30_days_count,
        count(*) filter (
            where events.is_use and not events.is_in_last_30_days and events.occurred_at >= {{ cdp.as_of() }} - interval 60 day
        ) as product_uses_30_days_before_count,
        count(distinct case when events.is_use and events.is_in_last_30_days then cast(events.occurred_at as date) end) as product_days_last_30_days_count,
        count(distinct case when events.is_use and events.is_in_last_90_days then cast(events.occurred_at as date) end) as product_days_last_90_days_count,
        count(distinct case when events.is_in_last_90_days then features.feature end) as features_used_last_90_days_count,
        count(distinct case when {{ cdp.is_onboarding_event('events.event_name') }} then events.event_name end) as onboarding_steps_done_count,
        min(events.occurred_at) as signed_up_at,
        max(case when events.is_use then events.occurred_at end) as last_product_use_at
    from events
    inner join identity_map on identity_map.record_id = events.record_id
    left join features on features.event_id = events.event_id
    group by 1
)
select
    *,
    cast(product_uses_last_30_days_count as double) / nullif(product_uses_30_days_before_count, 0) as product_usage_trend_ratio
from final
