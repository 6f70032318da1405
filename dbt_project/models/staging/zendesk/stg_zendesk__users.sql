-- End users only: agents and admins are our own staff.
with source as (

    {{ cdp.typed('zendesk', 'users') }}

),

renamed as (

    select
        -- ids
        'zendesk:' || id as record_id,
        'zendesk' as source,
        id as source_record_id,
        'zendesk:' || organization_id as account_record_id,
        external_id as user_id,

        -- person
        name as full_name,

        -- contact points
        email,
        phone,

        -- text
        time_zone,
        locale,
        tags,

        -- flags
        suspended as is_suspended,

        -- times
        created_at,
        updated_at
    from source
    where role = 'end-user' and active is distinct from false

)

select * from renamed
