with source as (

    {{ cdp.typed('klaviyo', 'profiles') }}

),

renamed as (

    select
        -- ids
        'klaviyo:' || id as record_id,
        'klaviyo' as source,
        id as source_record_id,
        "attributes.external_id" as user_id,

        -- person
        "attributes.first_name" as given_name,
        "attributes.last_name" as family_name,
        "attributes.organization" as company_name,
        "attributes.title" as job_title,

        -- contact points
        "attributes.email" as email,
        "attributes.phone_number" as phone,
        {{ cdp.street('"attributes.location.address1"') }} as street,
        {{ cdp.house_number('"attributes.location.address1"') }} as house_number,
        "attributes.location.address2" as unit,
        "attributes.location.city" as city,
        "attributes.location.region" as region,
        "attributes.location.zip" as postal_code,
        "attributes.location.country" as country,

        -- text
        "attributes.locale" as locale,
        "attributes.subscriptions.email.marketing.consent" as email_consent_state,
        "attributes.subscriptions.email.marketing.method" as email_consent_method,
        "attributes.subscriptions.sms.marketing.consent" as sms_consent_state,
        "attributes.subscriptions.sms.marketing.method" as sms_consent_method,

        -- times
        "attributes.created" as created_at,
        updated as updated_at,
        "attributes.last_event_date" as last_event_at,
        "attributes.subscriptions.email.marketing.consent_timestamp" as email_consent_updated_at,
        "attributes.subscriptions.sms.marketing.consent_timestamp" as sms_consent_updated_at,
        _loaded_at as recorded_at
    from source

)

select * from renamed
