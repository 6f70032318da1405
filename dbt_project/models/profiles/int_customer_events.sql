-- Grain: one row per visit or event that no rule leaves out, with the record or device that it belongs to, why, and since when
-- that is known. A device with one user is that user's, from its first event; one where a visitor left the e-mail address of a
-- customer is that customer's. On a device with several users, a session is the user's who logs in in it (int_session_logins). What
-- nobody logged in for stays the device's own.
with events as (
    select
        event_id, source, record_id, event_type, event_name, occurred_at, user_id, anonymous_id, coalesce(channel, 'web') as channel,
        utm_source, utm_medium, utm_campaign, click_id,
        -- who sent the visitor; a page of one's own that was left for the next sent nobody
        nullif(nullif(split_part(referrer, '/', 3), split_part(page_url, '/', 3)), '') as referrer_host
    from {{ ref('int_counted_events') }}
),
logins as (
    select * from {{ ref('int_device_logins') }}
),
addresses as (
    select record_id, min(first_seen_at) as first_left_at
    from {{ ref('int_event_identifiers') }}
    where identifier_type = 'email' and anonymous_id is not null
    group by 1
),
known as (
    select customer_id from {{ source('identity', 'identity_map') }} group by 1 having not bool_and(is_device)
),
device_owners as (
    select identity_map.record_id, identity_map.first_assigned_at
    from {{ source('identity', 'identity_map') }} as identity_map
    inner join known on known.customer_id = identity_map.customer_id
    where identity_map.is_device
),
in_session as (
    select * from {{ ref('int_session_logins') }}
),
final as (
    select
        events.event_id,
        events.source,
        events.event_type,
        events.event_name,
        events.occurred_at,
        events.channel,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.click_id,
        events.referrer_host,
        coalesce(in_session.record_id, events.record_id) as record_id,
        case
            when in_session.record_id is not null then 'login_session'
            when events.user_id is not null then 'user'
            when logins.users_count = 1 then 'device_of_user'
            when device_owners.record_id is not null then 'device_of_email'
            else 'device'
        end as known_by,
        case
            when in_session.record_id is not null then in_session.known_at
            when events.user_id is not null then events.occurred_at
            when logins.users_count = 1 then greatest(events.occurred_at, logins.first_login_at)
            when device_owners.record_id is not null
                then greatest(events.occurred_at, coalesce(addresses.first_left_at, device_owners.first_assigned_at))
        end as known_at
    from events
    left join logins on logins.record_id = events.record_id
    left join addresses on addresses.record_id = events.record_id
    left join device_owners on device_owners.record_id = events.record_id
    left join in_session on in_session.event_id = events.event_id
    where events.event_type in ('page', 'screen', 'track')
)
select * from final
