-- Grain: one row per known customer. One private model per family of traits (int_traits_*); this one joins them.
with customers as (
    select customer_id from {{ ref('customers') }}
),
rfm as (
    select * from {{ ref('int_traits_rfm') }}
),
engagement as (
    select * from {{ ref('int_traits_engagement') }}
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
        rfm.recency_days, rfm.frequency_count, rfm.monetary_usd, rfm.average_order_value_usd, rfm.days_between_orders,
        rfm.recency_score, rfm.frequency_score, rfm.monetary_score, rfm.rfm_segment,
        coalesce(engagement.events_last_30_days_count, 0) as events_last_30_days_count,
        coalesce(engagement.events_last_90_days_count, 0) as events_last_90_days_count,
        coalesce(engagement.messages_sent_last_90_days_count, 0) as messages_sent_last_90_days_count,
        coalesce(engagement.messages_engaged_last_90_days_count, 0) as messages_engaged_last_90_days_count,
        coalesce(engagement.tickets_last_90_days_count, 0) as tickets_last_90_days_count,
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
        coalesce(reach.is_reachable_by_{{ channel }}, false) as is_reachable_by_{{ channel }}{{ ',' if not loop.last }}
        {%- endfor %}
    from customers
    left join rfm on rfm.customer_id = customers.customer_id
    left join engagement on engagement.customer_id = customers.customer_id
    left join usage on usage.customer_id = customers.customer_id
    left join purchasing on purchasing.customer_id = customers.customer_id
    left join reach on reach.customer_id = customers.customer_id
)
select * from final
