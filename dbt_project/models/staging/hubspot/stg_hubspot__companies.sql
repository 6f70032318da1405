with source as (

    {{ cdp.typed('hubspot', 'companies') }}

),

renamed as (

    select
        -- ids
        'hubspot:' || id as account_record_id,
        'hubspot' as source,
        id as company_id_hubspot,
        'hubspot:' || "properties.hubspot_owner_id" as owner_id,

        -- text
        "properties.name" as name,
        "properties.domain" as domain,
        "properties.industry" as industry,
        "properties.phone" as phone,
        {{ cdp.street('"properties.address"') }} as street,
        {{ cdp.house_number('"properties.address"') }} as house_number,
        "properties.city" as city,
        "properties.state" as region,
        "properties.zip" as postal_code,
        "properties.country" as country,
        "properties.lifecyclestage" as lifecycle_stage,

        -- numbers
        "properties.numberofemployees" as employees_count,
        "properties.annualrevenue" as annual_revenue_usd,

        -- times
        coalesce("createdAt", "properties.createdate") as created_at,
        "updatedAt" as updated_at
    from source
    where archived is distinct from true

)

select * from renamed
