-- HubSpot tells an opt-out from all e-mail, and one from post, but not when; the contact's last change is the latest it can be. No
-- opt-out says nothing. Post is about the address that the contact has; without a whole one it is about the record.
with contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

opt_outs as (

    select
        record_id, source, updated_at, recorded_at, 'email' as channel, 'email' as contact_point_type,
        email as contact_point, 'hs_email_optout' as proof
    from contacts
    where is_opted_out_of_email and email is not null
    union all
    select
        record_id, source, updated_at, recorded_at, 'post', 'postal_address',
        {{ cdp.address_line("street || coalesce(' ' || house_number, '')", 'postal_code', 'country') }}, 'do_not_mail'
    from contacts
    where is_opted_out_of_post

),

consents as (

    select
        -- ids
        record_id || ':' || channel || '_optout' as consent_id,
        source,
        record_id,

        -- text
        contact_point_type,
        contact_point,
        channel,
        'marketing' as purpose,
        'withdrawn' as status,
        'consent' as legal_basis,
        cast(null as varchar) as policy_version,
        proof,

        -- times
        updated_at as effective_at,
        recorded_at
    from opt_outs

)

select * from consents
