-- One row per account of group calls, with the newest value of each trait that was not empty.
with events as (

    select group_id, occurred_at, event_id, {{ cdp.json_texts('traits', ['name', 'industry', 'employees', 'website']) }} as trait
    from {{ ref('stg_segment__events') }}
    where event_type = 'group' and group_id is not null

),

accounts as (

    select
        -- ids
        'segment:' || group_id as account_record_id,
        'segment' as source,
        group_id as group_id_segment,

        -- text
        {{ cdp.newest_value(cdp.cleaned('trait[1]'), 'occurred_at', 'event_id') }} as name,
        {{ cdp.newest_value(cdp.cleaned('trait[2]'), 'occurred_at', 'event_id') }} as industry,
        {{ cdp.newest_value(cdp.cleaned('trait[4]'), 'occurred_at', 'event_id') }} as domain,

        -- numbers
        {{ cdp.newest_value("try_cast(trait[3] as bigint)", 'occurred_at', 'event_id') }} as employees_count,

        -- times
        min(occurred_at) as created_at,
        max(occurred_at) as updated_at
    from events
    group by group_id

)

select * from accounts
