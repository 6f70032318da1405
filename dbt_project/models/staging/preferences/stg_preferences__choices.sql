with source as (

    {{ cdp.typed('preferences', 'choices') }}

),

renamed as (

    select
        -- ids
        choice_id,
        'preferences' as source,
        subscriber_id,
        'preferences:' || subscriber_id as record_id,

        -- contact points
        email,
        phone,
        postal_address,

        -- text
        lower(channel) as channel,
        lower(purpose) as purpose,
        lower(status) as status,
        source_page,
        policy_version,
        legal_basis,
        locale,

        -- times
        changed_at,
        _loaded_at as recorded_at
    from source

)

select * from renamed
