with source as (

    {{ cdp.typed('klaviyo', 'metrics') }}

),

renamed as (

    select
        -- ids
        id as metric_id,
        'klaviyo' as source,

        -- text
        "attributes.name" as name,
        case "attributes.name"
            when 'Received Email' then 'sent'
            when 'Opened Email' then 'opened'
            when 'Clicked Email' then 'clicked'
            when 'Bounced Email' then 'bounced'
            when 'Unsubscribed from Email Marketing' then 'unsubscribed'
        end as message_event,

        -- times
        "attributes.created" as created_at,
        "attributes.updated" as updated_at
    from source

)

select * from renamed
