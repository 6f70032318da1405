-- Grain: one row per known customer. One private model per family of traits (int_traits_*); this one joins them. A family
-- that is a function of a moment is asked for this run's; any other moment has the same definition (`cdp traits as-of`).
with customers as (
    select customer_id, known_at, lifecycle_stage from {{ ref('customers') }}
),
rfm as (
    select * from {{ ref('int_traits_rfm') }}({{ cdp.as_of() }})
),
engagement as (
    select * from {{ ref('int_traits_engagement') }}({{ cdp.as_of() }})
),
support as (
    select * from {{ ref('int_traits_support') }}({{ cdp.as_of() }})
),
attribution as (
    select * from {{ ref('int_traits_attribution') }}({{ cdp.as_of() }})
),
lifecycle as (
    select * from {{ ref('int_traits_lifecycle') }}({{ cdp.as_of() }})
),
value as (
    select * from {{ ref('int_traits_value') }}
),
churn as (
    select * from {{ ref('int_traits_churn') }}
),
next_best as (
    select * from {{ ref('int_next_best_actions') }}
),
usage as (
    select * from {{ ref('int_traits_usage') }}
),
purchasing as (
    select * from {{ ref('int_traits_purchasing') }}
),
reach as (
    select * from {{ ref('int_traits_reach') }}
),
final as (
    select
        customers.customer_id,
        rfm.recency_days, coalesce(rfm.frequency_count, 0) as frequency_count, rfm.monetary_usd, rfm.average_order_value_usd,
        rfm.days_between_orders, rfm.recency_score, rfm.frequency_score, rfm.monetary_score,
        coalesce(rfm.rfm_segment, 'no order') as rfm_segment,
        {%- for count in [
            'events_last_30_days_count', 'events_last_90_days_count',
            'messages_sent_last_90_days_count', 'messages_engaged_last_90_days_count', 'tickets_last_90_days_count',
            'web_last_30_days_count', 'web_last_90_days_count', 'app_last_30_days_count', 'app_last_90_days_count',
            'email_last_30_days_count', 'email_last_90_days_count', 'store_last_30_days_count', 'store_last_90_days_count'
        ] %}
        coalesce(engagement.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        coalesce(usage.product_uses_last_30_days_count, 0) as product_uses_last_30_days_count,
        coalesce(usage.product_uses_30_days_before_count, 0) as product_uses_30_days_before_count,
        coalesce(usage.product_days_last_30_days_count, 0) as product_days_last_30_days_count,
        coalesce(usage.product_days_last_90_days_count, 0) as product_days_last_90_days_count,
        coalesce(usage.features_used_last_90_days_count, 0) as features_used_last_90_days_count,
        coalesce(usage.onboarding_steps_done_count, 0) as onboarding_steps_done_count,
        usage.product_usage_trend_ratio, usage.signed_up_at, usage.last_product_use_at,
        purchasing.discounted_orders_share, purchasing.store_orders_share, purchasing.online_orders_share,
        purchasing.last_browse_at, purchasing.last_abandoned_cart_at, purchasing.next_renewal_at,
        {%- for channel in cdp.channels() %}
        coalesce(reach.is_reachable_by_{{ channel }}, false) as is_reachable_by_{{ channel }},
        {%- endfor %}
        {%- for count in [
            'support_tickets_12_months_count', 'support_tickets_open_count', 'support_tickets_reopened_count', 'support_bad_ratings_count'
        ] %}
        coalesce(support.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        coalesce(support.support_open_hours, 0) as support_open_hours, support.support_satisfaction_pct,
        attribution.first_touch_channel, attribution.first_touch_campaign, attribution.first_touch_at,
        attribution.last_touch_channel, attribution.last_touch_campaign, attribution.last_touch_at,
        case when customers.lifecycle_stage = 'lead' then customers.known_at else lifecycle.lifecycle_since_at end as lifecycle_since_at,
        value.alive_probability, value.expected_orders_12_months, value.expected_order_value_usd,
        value.expected_value_12_months_usd, value.predicted_lifetime_value_usd,
        churn.repeat_purchase_probability_90_days, churn.order_churn_probability_12_months,
        churn.subscription_churn_probability_90_days,
        next_best.next_best_action, next_best.next_best_action_reason
    from customers
    left join rfm on rfm.customer_id = customers.customer_id
    left join engagement on engagement.customer_id = customers.customer_id
    left join support on support.customer_id = customers.customer_id
    left join attribution on attribution.customer_id = customers.customer_id
    left join lifecycle on lifecycle.customer_id = customers.customer_id
    left join value on value.customer_id = customers.customer_id
    left join churn on churn.customer_id = customers.customer_id
    left join next_best on next_best.customer_id = customers.customer_id
    left join usage on usage.customer_id = customers.customer_id
    left join purchasing on purchasing.customer_id = customers.customer_id
    left join reach on reach.customer_id = customers.customer_id
)
select * from final
