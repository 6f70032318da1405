-- Second e-mails and mobile phones; the main ones stand in stg_hubspot__contacts.
with contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

additional as (

    select record_id, source, 'email' as identifier_type, {{ cdp.cleaned('item') }} as identifier_value, created_at, updated_at
    from {{ cdp.explode_text('contacts', 'additional_emails', ';') }}
    union all
    select record_id, source, 'phone' as identifier_type, mobile_phone as identifier_value, created_at, updated_at
    from contacts

),

identifiers as (

    select distinct
        -- ids
        record_id,
        source,
        identifier_type,
        identifier_value,

        -- times
        created_at as first_seen_at,
        updated_at as last_seen_at,

        -- numbers
        1 as seen_count
    from additional
    where identifier_value is not null

)

select * from identifiers
