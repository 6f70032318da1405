-- Grain: one row per visitor: a customer id that so far has devices and no person record.
with devices as (
    select
        customer_id,
        count(*) as devices_count,
        min(first_assigned_at) as first_assigned_at
    from {{ source('identity', 'identity_map') }}
    group by 1
    having bool_and(is_device)
),
activity as (
    select * from {{ ref('int_customer_activity') }}
),
final as (
    select
        devices.customer_id, devices.devices_count,
        coalesce(activity.first_seen_at, devices.first_assigned_at) as first_seen_at,
        coalesce(activity.last_seen_at, devices.first_assigned_at) as last_seen_at,
        coalesce(activity.visits_count, 0) as visits_count,
        coalesce(activity.events_count, 0) as events_count
    from devices
    left join activity on activity.customer_id = devices.customer_id
)
select * from final
