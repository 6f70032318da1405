with source as (

    {{ cdp.typed('zendesk', 'tickets') }}

),

renamed as (

    select
        -- ids
        'zendesk:' || id as ticket_id,
        'zendesk' as source,
        id as source_ticket_id,
        'zendesk:' || requester_id as record_id,
        'zendesk:' || organization_id as account_record_id,

        -- text
        subject,
        description,
        type as ticket_type,
        priority,
        status,
        "via.channel" as channel,
        case when "satisfaction_rating.score" in ('good', 'bad') then "satisfaction_rating.score" end as satisfaction,
        "satisfaction_rating.comment" as satisfaction_comment,
        tags,

        -- numbers
        "metric_set.reply_time_in_minutes.calendar" as first_reply_minutes,
        "metric_set.full_resolution_time_in_minutes.calendar" as resolution_minutes,
        coalesce("metric_set.reopens", 0) as reopens_count,
        coalesce("metric_set.replies", 0) as replies_count,

        -- flags
        status in ('new', 'open', 'pending', 'hold') as is_open,
        coalesce(priority in ('high', 'urgent'), false) as is_severe,

        -- times
        created_at,
        updated_at,
        "metric_set.solved_at" as solved_at
    from source

)

select * from renamed
