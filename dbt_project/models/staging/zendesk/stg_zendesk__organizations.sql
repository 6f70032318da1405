with source as (

    {{ cdp.typed('zendesk', 'organizations') }}

),

renamed as (

    select
        -- ids
        'zendesk:' || id as account_record_id,
        'zendesk' as source,
        id as organization_id_zendesk,
        external_id as account_id_application,

        -- text
        name,
        {{ cdp.json_first('domain_names') }} as domain,

        -- times
        created_at,
        updated_at
    from source

)

select * from renamed
