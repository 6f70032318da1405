-- Marketing consent as it stands; who was never asked, has not confirmed (pending) or cannot be reached (invalid, redacted)
-- gives no row; a state that we do not know goes on as it is, to be set aside by int_consents.
with customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

states as (

    select
        record_id, source, recorded_at, 'email' as channel, 'email' as contact_point_type, email as contact_point,
        email_consent_state as state, email_consent_level as level, email_consent_updated_at as changed_at, created_at, updated_at
    from customers
    union all
    select
        record_id, source, recorded_at, 'sms' as channel, 'phone' as contact_point_type, phone as contact_point,
        sms_consent_state as state, sms_consent_level as level, sms_consent_updated_at as changed_at, created_at, updated_at
    from customers

),

consents as (

    select
        -- ids
        concat_ws(':', record_id, channel, state, strftime(changed_at, '%Y%m%d%H%M%S')) as consent_id,
        source,
        record_id,

        -- text
        contact_point_type,
        contact_point,
        channel,
        'marketing' as purpose,
        case state when 'subscribed' then 'granted' when 'unsubscribed' then 'withdrawn' else state end as status,
        'consent' as legal_basis,
        cast(null as varchar) as policy_version,
        level as proof,

        -- times: without one of its own, a grant is as old as the record and an opt-out as new, the careful reading of both
        coalesce(changed_at, case when state = 'subscribed' then created_at else updated_at end) as effective_at,
        recorded_at
    from states
    where state not in ('not_subscribed', 'pending', 'invalid', 'redacted') and contact_point is not null

)

select * from consents
