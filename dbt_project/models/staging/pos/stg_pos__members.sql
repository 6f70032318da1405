with source as (

    {{ cdp.typed('pos', 'members') }}

),

renamed as (

    select
        -- ids
        'pos:' || member_no as record_id,
        'pos' as source,
        member_no as source_record_id,
        store_code,

        -- person
        first_name as given_name,
        surname as family_name,
        birth_date,
        gender,

        -- contact points
        email,
        phone,
        coalesce(case when house_no is null then {{ cdp.street('street') }} end, street) as street,
        coalesce(house_no, {{ cdp.house_number('street') }}) as house_number,
        town as city,
        postcode as postal_code,
        country,

        -- times
        cast(joined_on as timestamp) as created_at,
        coalesce(updated_at, cast(joined_on as timestamp)) as updated_at
    from source

)

select * from renamed
