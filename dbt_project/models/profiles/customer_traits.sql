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
final as (
    select
        customers.customer_id,
        rfm.recency_days, rfm.frequency_count, rfm.monetary_usd, rfm.average_order_value_usd, rfm.days_between_orders,
        rfm.recency_score, rfm.frequency_score, rfm.monetary_score, rfm.rfm_segment,
        coalesce(engagement.events_last_30_days_count, 0) as events_last_30_days_count,
        coalesce(engagement.events_last_90_days_count, 0) as events_last_90_days_count,
        coalesce(engagement.messages_sent_last_90_days_count, 0) as messages_sent_last_90_days_count,
        coalesce(engagement.messages_engaged_last_90_days_count, 0) as messages_engaged_last_90_days_count,
        coalesce(engagement.tickets_last_90_days_count, 0) as tickets_last_90_days_count
    from customers
    left join rfm on rfm.customer_id = customers.customer_id
    left join engagement on engagement.customer_id = customers.customer_id
)
select * from final
