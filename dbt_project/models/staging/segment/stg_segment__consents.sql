-- What a device's consent banner was told (context.consent): one row per change of a category, in the order of the calls.
-- A table: the calls are read once for it, and not once more by each reader.
{{ config(materialized='table') }}

with events as (

    select
        event_id,
        case when anonymous_id is not null then 'segment:anonymous:' || anonymous_id else record_id end as record_id,
        case when anonymous_id is not null then 'device' else 'user_id' end as contact_point_type,
        coalesce(anonymous_id, user_id) as contact_point,
        consent,
        occurred_at,
        recorded_at
    from {{ ref('stg_segment__events') }}
    where consent is not null and not is_bot and coalesce(anonymous_id, user_id) is not null

),

-- Most devices say the same on every call: only where a device says several things, its calls are put in order.
steady as (

    select
        min_by(event_id, (occurred_at, event_id)) as event_id,
        record_id,
        contact_point_type,
        contact_point,
        min(consent) as consent,
        min(occurred_at) as occurred_at,
        min(recorded_at) as recorded_at
    from events
    group by record_id, contact_point_type, contact_point
    having min(consent) = max(consent)

),

changing as (

    select events.*
    from events
    anti join steady on steady.record_id = events.record_id
    qualify lag(events.consent) over (partition by events.record_id order by events.occurred_at, events.event_id) is distinct from events.consent

),

told as (

    select * from steady
    union all by name
    select * from changing

),

categories as (

    {{ cdp.json_members('told', 'consent', 'categoryPreferences', key='category', value='is_wanted') }}

),

ordered as (

    select
        *,
        lag(is_wanted) over (partition by record_id, category order by occurred_at, event_id) as was_wanted,
        coalesce(bool_or(is_wanted = 'true') over (
            partition by record_id, category order by occurred_at, event_id rows between unbounded preceding and 1 preceding
        ), false) as was_ever_wanted
    from categories

),

consents as (

    select
        -- ids
        event_id || ':' || lower(category) as consent_id,
        'segment' as source,
        record_id,

        -- text
        contact_point_type,
        contact_point,
        case category when 'Advertising' then 'ads' else 'in_app' end as channel,
        case category
            when 'Advertising' then 'marketing'
            when 'Analytics' then 'analytics'
            when 'Functional' then 'personalisation'
            else lower(category)
        end as purpose,
        case
            when is_wanted = 'true' then 'granted'
            when is_wanted = 'false' and was_ever_wanted then 'withdrawn'
            when is_wanted = 'false' then 'denied'
            else is_wanted
        end as status,
        'consent' as legal_basis,
        cast(null as varchar) as policy_version,
        'context.consent' as proof,

        -- times
        occurred_at as effective_at,
        recorded_at
    from ordered
    where was_wanted is distinct from is_wanted

)

select * from consents
