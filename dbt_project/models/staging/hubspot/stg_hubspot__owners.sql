with source as (

    {{ cdp.typed('hubspot', 'owners') }}

),

renamed as (

    select
        -- ids
        'hubspot:' || id as owner_id,
        'hubspot' as source,

        -- text
        email,
        nullif(concat_ws(' ', "firstName", "lastName"), '') as full_name,

        -- flags
        archived is distinct from true as is_active,

        -- times
        "createdAt" as created_at,
        "updatedAt" as updated_at
    from source

)

select * from renamed
