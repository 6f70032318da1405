-- HubSpot tells an opt-out from all e-mail, but not when; the contact's last change is the latest it can be. No opt-out says nothing.
with contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

consents as (

    select
        -- ids
        record_id || ':email_optout' as consent_id,
        source,
        record_id,

        -- text
        'email' as contact_point_type,
        email as contact_point,
        'email' as channel,
        'marketing' as purpose,
        'withdrawn' as status,
        'consent' as legal_basis,
        cast(null as varchar) as policy_version,
        'hs_email_optout' as proof,

        -- times
        updated_at as effective_at,
        recorded_at
    from contacts
    where is_opted_out_of_email and email is not null

)

select * from consents
