-- Grain: one row per subscription that had begun by `moment`, with its end if that had come by then.
{{ config(materialized='as_of') }}
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),

subscriptions as (
    select *, coalesce(ended_at, canceled_at) as over_at from {{ ref('int_subscriptions') }} where started_at <= moment
),

final as (
    select
        subscriptions.subscription_id,
        identity_map.customer_id,
        subscriptions.started_at,
        case when subscriptions.over_at <= moment then subscriptions.over_at end as over_at,
        datediff('day', subscriptions.started_at, least(moment, coalesce(subscriptions.over_at, moment))) as age_days
    from subscriptions
    inner join identity_map on identity_map.record_id = subscriptions.record_id
)

select * from final
