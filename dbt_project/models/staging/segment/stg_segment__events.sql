-- One row per call. A table, for it is read by several models and is the widest parse of all.
{{ config(materialized='table') }}

with source as (

    {{ cdp.typed('segment', 'events') }}

),

clicked as (

    select
        *,
        concat_ws('&', "context.page.search", "context.page.url") as link,
        {{ cdp.traffic_rule('"context.userAgent"', '"context.ip"', '"anonymousId"') }} as excluded_by
    from source

),

renamed as (

    select
        -- ids
        'segment:' || "messageId" as event_id,
        'segment' as source,
        'segment:' || coalesce("userId", 'anonymous:' || "anonymousId") as record_id,
        "userId" as user_id,
        "anonymousId" as anonymous_id,
        coalesce("groupId", "context.groupId") as group_id,
        "previousId" as previous_id,

        -- text
        type as event_type,
        coalesce(
            event,
            case type when 'page' then 'Page Viewed' when 'screen' then 'Screen Viewed' else upper(type[1]) || type[2:] end
        ) as event_name,
        "context.page.url" as page_url,
        "context.page.path" as page_path,
        "context.page.referrer" as referrer,
        lower("context.campaign.source") as utm_source,
        lower("context.campaign.medium") as utm_medium,
        "context.campaign.name" as utm_campaign,
        coalesce("properties.gclid", "properties.fbclid", {{ cdp.matched('link', '[?&](?:gclid|fbclid|msclkid)=([^&#]+)', 1) }}) as click_id,
        case
            when "properties.gclid" is not null then 'gclid'
            when "properties.fbclid" is not null then 'fbclid'
            else {{ cdp.matched('link', '[?&](gclid|fbclid|msclkid)=[^&#]', 1) }}
        end as click_id_type,
        case lower(channel) when 'mobile' then 'app' when 'server' then 'server' else 'web' end as channel,
        "context.userAgent" as user_agent,
        coalesce(lower("context.device.type"), {{ cdp.device_type('"context.userAgent"') }}) as device_type,
        properties,
        traits,
        "context.consent" as consent,
        excluded_by,

        -- flags
        {{ cdp.is_bot('excluded_by') }} as is_bot,

        -- times
        "timestamp" as occurred_at,
        "receivedAt" as received_at,
        _loaded_at as recorded_at
    from clicked

)

select * from renamed
