-- Grain: one row per customer who had ordered or subscribed by `moment`: whether it was a customer then, and since when.
-- A run of orders ends where {{ var('customer_active_days') }} days pass without the next; a running subscription makes a customer whatever the orders.
{{ config(materialized='as_of') }}
with orders as (
    select customer_id, occurred_at
    from {{ ref('int_customer_ledger') }}
    where kind = 'order' and occurred_at <= moment and (cancelled_at is null or cancelled_at > moment)
),

gaps as (
    select
        *,
        coalesce(occurred_at > lag(occurred_at) over in_time + interval '{{ var("customer_active_days") }}' day, true) as begins_run
    from orders
    window in_time as (partition by customer_id order by occurred_at)
),

runs as (
    select customer_id, max(occurred_at) filter (where begins_run) as began_at, max(occurred_at) as last_order_at
    from gaps
    group by customer_id
),

subscriptions as (
    select
        customer_id,
        min(started_at) filter (where over_at is null) as running_since_at,
        max(over_at) as last_over_at
    from {{ ref('int_subscription_facts') }}(moment)
    group by customer_id
),

joined as (
    select
        coalesce(runs.customer_id, subscriptions.customer_id) as customer_id,
        subscriptions.running_since_at,
        subscriptions.last_over_at,
        runs.last_order_at + interval '{{ var("customer_active_days") }}' day as lapses_at,
        case when runs.last_order_at + interval '{{ var("customer_active_days") }}' day >= moment then runs.began_at end as buying_since_at
    from runs
    full join subscriptions on subscriptions.customer_id = runs.customer_id
),

final as (
    select
        customer_id,
        case when running_since_at is not null or buying_since_at is not null then 'customer' else 'former_customer' end as lifecycle_stage,
        case
            when running_since_at is not null or buying_since_at is not null then least(running_since_at, buying_since_at)
            else greatest(lapses_at, last_over_at)
        end as lifecycle_since_at
    from joined
)

select * from final
