-- Grain: one row per customer with a ticket or a subscription: what is open now.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
tickets as (
    select * from {{ ref('int_tickets') }}
),
subscriptions as (
    select * from {{ ref('int_subscriptions') }}
),
happenings as (
    select record_id, is_open as is_open_ticket, is_open and is_severe as is_open_severe_ticket, false as is_active_subscription from tickets
    union all
    select record_id, false, false, status in ('active', 'trialing', 'past_due') from subscriptions
),
final as (
    select
        identity_map.customer_id,
        count(*) filter (where happenings.is_open_ticket) as open_tickets_count,
        count(*) filter (where happenings.is_open_severe_ticket) as open_severe_tickets_count,
        count(*) filter (where happenings.is_active_subscription) as active_subscriptions_count
    from happenings
    inner join identity_map on identity_map.record_id = happenings.record_id
    group by 1
)
select * from final
