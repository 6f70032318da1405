with source as (

    {{ cdp.typed('shopify', 'customers') }}

),

renamed as (

    select
        -- ids
        'shopify:' || id as record_id,
        'shopify' as source,
        id as source_record_id,

        -- person
        coalesce(first_name, "default_address.first_name") as given_name,
        coalesce(last_name, "default_address.last_name") as family_name,
        "default_address.company" as company_name,

        -- contact points
        email,
        coalesce(phone, "default_address.phone") as phone,
        "default_address.phone" as address_phone,
        {{ cdp.street('"default_address.address1"') }} as street,
        {{ cdp.house_number('"default_address.address1"') }} as house_number,
        "default_address.address2" as unit,
        "default_address.city" as city,
        "default_address.province" as region,
        "default_address.zip" as postal_code,
        "default_address.country_code" as country,

        -- text
        state as account_state,
        tags,
        note,
        "email_marketing_consent.state" as email_consent_state,
        "email_marketing_consent.opt_in_level" as email_consent_level,
        "sms_marketing_consent.state" as sms_consent_state,
        "sms_marketing_consent.opt_in_level" as sms_consent_level,

        -- numbers
        orders_count,
        total_spent as total_spent_amount,
        currency,

        -- flags
        verified_email as is_email_verified,

        -- times
        created_at,
        updated_at,
        "email_marketing_consent.consent_updated_at" as email_consent_updated_at,
        "sms_marketing_consent.consent_updated_at" as sms_consent_updated_at,
        _loaded_at as recorded_at
    from source

)

select * from renamed
