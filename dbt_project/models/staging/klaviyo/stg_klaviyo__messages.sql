-- Events whose metric is about a message; others (a custom metric, one that was deleted) are left out.
with events as (

    select * from {{ ref('stg_klaviyo__events') }}

),

metrics as (

    select metric_id, message_event from {{ ref('stg_klaviyo__metrics') }} where message_event is not null

),

messages as (

    select
        -- ids
        events.message_event_id,
        events.source,
        events.record_id,
        events.message_id,

        -- text
        'email' as channel,
        events.campaign_name,
        metrics.message_event,
        events.subject,
        events.url,

        -- times
        events.occurred_at
    from events
    inner join metrics on metrics.metric_id = events.metric_id

)

select * from messages
