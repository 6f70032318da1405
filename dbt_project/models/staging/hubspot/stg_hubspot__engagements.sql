-- Calls, notes and tasks. One with several contacts belongs to the first: HubSpot lists the main one first.
with source as (

    {{ cdp.typed('hubspot', 'engagements') }}

),

renamed as (

    select
        -- ids
        'hubspot:' || id as activity_id,
        'hubspot' as source,
        'hubspot:' || {{ cdp.json_first('"associations.contactIds"') }} as record_id,
        'hubspot:' || {{ cdp.json_first('"associations.companyIds"') }} as account_record_id,
        'hubspot:' || {{ cdp.json_first('"associations.dealIds"') }} as deal_id,
        'hubspot:' || "engagement.ownerId" as owner_id,

        -- text
        lower("engagement.type") as activity_type,
        coalesce("metadata.subject", "metadata.title") as title,
        {{ cdp.cleaned("regexp_replace(\"metadata.body\", '<[^>]*>', ' ', 'g')") }} as body,
        "metadata.disposition" as disposition,
        lower("metadata.status") as status,

        -- numbers
        cast("metadata.durationMilliseconds" // 1000 as bigint) as duration_seconds,

        -- times
        {{ cdp.epoch_millis('coalesce("engagement.timestamp", "engagement.createdAt")') }} as occurred_at,
        {{ cdp.epoch_millis('"lastUpdated"') }} as updated_at
    from source
    where "engagement.active" is distinct from false

)

select * from renamed
