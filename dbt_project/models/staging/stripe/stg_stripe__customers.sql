-- A payer may be a person or a company; Stripe keeps one name for both.
with source as (

    {{ cdp.typed('stripe', 'customers') }}

),

renamed as (

    select
        -- ids
        'stripe:' || id as record_id,
        'stripe' as source,
        id as source_record_id,
        "metadata.user_id" as user_id,

        -- person
        name as full_name,
        "metadata.company" as company_name,

        -- contact points
        email,
        phone,
        {{ cdp.street('"address.line1"') }} as street,
        {{ cdp.house_number('"address.line1"') }} as house_number,
        "address.line2" as unit,
        "address.city" as city,
        "address.state" as region,
        "address.postal_code" as postal_code,
        "address.country" as country,

        -- text
        upper(currency) as currency,
        description,

        -- flags
        delinquent as is_delinquent,

        -- times
        {{ cdp.epoch_seconds('created') }} as created_at,
        {{ cdp.epoch_seconds('created') }} as updated_at
    from source

)

select * from renamed
