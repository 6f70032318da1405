with source as (

    {{ cdp.typed('hubspot', 'contacts') }}

),

renamed as (

    select
        -- ids
        'hubspot:' || id as record_id,
        'hubspot' as source,
        id as source_record_id,
        'hubspot:' || "properties.hubspot_owner_id" as owner_id,

        -- person
        "properties.firstname" as given_name,
        "properties.lastname" as family_name,
        {{ cdp.written_date('"properties.date_of_birth"', '"properties.country"') }} as birth_date,
        "properties.gender" as gender,
        "properties.company" as company_name,
        "properties.jobtitle" as job_title,

        -- contact points
        "properties.email" as email,
        "properties.hs_additional_emails" as additional_emails,
        coalesce("properties.phone", "properties.mobilephone") as phone,
        "properties.mobilephone" as mobile_phone,
        {{ cdp.street('"properties.address"') }} as street,
        {{ cdp.house_number('"properties.address"') }} as house_number,
        "properties.city" as city,
        "properties.state" as region,
        "properties.zip" as postal_code,
        "properties.country" as country,

        -- text
        "properties.lifecyclestage" as lifecycle_stage,
        "properties.hs_lead_status" as lead_status,
        "associations.companies.results" as companies,

        -- flags
        "properties.hs_email_optout" as is_opted_out_of_email,
        "properties.do_not_mail" as is_opted_out_of_post,

        -- times
        coalesce("createdAt", "properties.createdate") as created_at,
        "updatedAt" as updated_at,
        _loaded_at as recorded_at
    from source
    where archived is distinct from true

)

select * from renamed
