with source as (

    {{ cdp.typed('klaviyo', 'events') }}

),

renamed as (

    select
        -- ids
        'klaviyo:' || id as message_event_id,
        'klaviyo' as source,
        'klaviyo:' || "relationships.profile.data.id" as record_id,
        "relationships.metric.data.id" as metric_id,
        "attributes.event_properties.$message" as message_id,

        -- text
        "attributes.event_properties.Campaign Name" as campaign_name,
        "attributes.event_properties.Subject" as subject,
        "attributes.event_properties.URL" as url,

        -- times
        coalesce({{ cdp.epoch_seconds('"attributes.timestamp"') }}, "attributes.datetime") as occurred_at
    from source

)

select * from renamed
