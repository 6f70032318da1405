with source as (

    {{ cdp.typed('hubspot', 'deals') }}

),

renamed as (

    select
        -- ids
        'hubspot:' || id as deal_id,
        'hubspot' as source,
        'hubspot:' || {{ cdp.json_text(cdp.json_first('"associations.companies.results"'), 'id') }} as account_record_id,
        'hubspot:' || {{ cdp.json_text(cdp.json_first('"associations.contacts.results"'), 'id') }} as record_id,
        'hubspot:' || "properties.hubspot_owner_id" as owner_id,

        -- text
        "properties.dealname" as name,
        "properties.dealstage" as stage,
        "properties.pipeline" as pipeline,
        upper("properties.deal_currency_code") as currency,

        -- numbers
        "properties.amount" as amount,

        -- flags
        coalesce("properties.hs_is_closed", false) as is_closed,
        coalesce("properties.hs_is_closed_won", false) as is_won,

        -- times
        coalesce("createdAt", "properties.createdate") as created_at,
        case when "properties.hs_is_closed" then "properties.closedate" end as closed_at,
        "properties.closedate" as close_expected_at,
        "updatedAt" as updated_at
    from source
    where archived is distinct from true

)

select * from renamed
