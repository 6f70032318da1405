with events as (

    select * from {{ ref('stg_segment__events') }}

),

members as (

    select
        -- ids
        'segment:' || group_id as account_record_id,
        record_id,
        source,

        -- text
        'user' as role,

        -- times
        min(occurred_at) as created_at
    from events
    where event_type = 'group' and user_id is not null and group_id is not null
    group by group_id, record_id, source

)

select * from members
