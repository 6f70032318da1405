-- Devices and users with what was seen on them; bots left out, for they are nobody.
-- A device is a record of its own (segment:anonymous:<id>): its anonymous_id, each user_id seen on it, and what a visitor without
-- an account left (a newsletter's e-mail).
with events as (

    select * from {{ ref('stg_segment__events') }} where not is_bot

),

traits as (

    select record_id, occurred_at, {{ cdp.json_texts('traits', ['email', 'phone']) }} as trait
    from events
    where event_type = 'identify' and traits is not null

),

seen as (

    select 'segment:anonymous:' || anonymous_id as record_id, 'anonymous_id' as identifier_type, anonymous_id as identifier_value, occurred_at
    from events
    union all
    select 'segment:anonymous:' || anonymous_id as record_id, 'user_id' as identifier_type, user_id as identifier_value, occurred_at
    from events
    union all
    select 'segment:' || user_id as record_id, 'user_id' as identifier_type, user_id as identifier_value, occurred_at
    from events
    union all
    select 'segment:anonymous:' || previous_id as record_id, 'user_id' as identifier_type, user_id as identifier_value, occurred_at
    from events
    where event_type = 'alias'
    union all
    select record_id, 'email' as identifier_type, {{ cdp.cleaned('trait[1]') }} as identifier_value, occurred_at
    from traits
    union all
    select record_id, 'phone' as identifier_type, {{ cdp.cleaned('trait[2]') }} as identifier_value, occurred_at
    from traits

),

identifiers as (

    select
        -- ids
        record_id,
        'segment' as source,
        identifier_type,
        identifier_value,

        -- times
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,

        -- numbers
        count(*) as seen_count
    from seen
    where record_id is not null and identifier_value is not null
    group by record_id, identifier_type, identifier_value

)

select * from identifiers
