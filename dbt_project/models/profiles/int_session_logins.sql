-- Grain: one row per event on a device of several users that names no user, but in whose session (no pause above half an hour) somebody
-- logs in: whose it is, and since when that is known. An event between two logins is the earlier one's.
with events as (
    select event_id, source, occurred_at, user_id, anonymous_id from {{ ref('int_counted_events') }}
),
identifiers as (
    select * from {{ ref('int_event_identifiers') }}
),
logins as (
    select * from {{ ref('int_device_logins') }}
),
users as (
    select source, identifier_value as user_id, min(record_id) as record_id
    from identifiers
    where identifier_type = 'user_id' and anonymous_id is null
    group by 1, 2
),
shared_device_events as (
    select events.event_id, events.source, events.occurred_at, users.user_id, devices.record_id as device_id
    from events
    inner join identifiers as devices
        on devices.source = events.source and devices.identifier_value = events.anonymous_id and devices.identifier_type = 'anonymous_id'
    inner join logins on logins.record_id = devices.record_id
    left join users on users.source = events.source and users.user_id = events.user_id
    where logins.users_count > 1
),
paused as (
    select
        *,
        case
            when lag(occurred_at) over (partition by device_id order by occurred_at, event_id) >= occurred_at - interval 30 minute then 0
            else 1
        end as begins_session
    from shared_device_events
),
sessions as (
    select *, sum(begins_session) over (partition by device_id order by occurred_at, event_id rows unbounded preceding) as session_no
    from paused
),
heard as (
    select
        *,
        last_value(user_id ignore nulls) over past as user_before,
        last_value(case when user_id is not null then occurred_at end ignore nulls) over past as heard_before_at,
        first_value(user_id ignore nulls) over future as user_after,
        first_value(case when user_id is not null then occurred_at end ignore nulls) over future as heard_after_at
    from sessions
    window
        past as (partition by device_id, session_no order by occurred_at, event_id rows between unbounded preceding and current row),
        future as (partition by device_id, session_no order by occurred_at, event_id rows between current row and unbounded following)
),
final as (
    select
        heard.event_id,
        users.record_id,
        case when heard.user_before is null then heard.heard_after_at else heard.occurred_at end as known_at
    from heard
    inner join users on users.source = heard.source and users.user_id = coalesce(heard.user_before, heard.user_after)
    where heard.user_id is null
)
select * from final
