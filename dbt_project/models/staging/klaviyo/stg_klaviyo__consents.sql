-- Marketing consent as it stands; NEVER_SUBSCRIBED was never asked and gives no row; a state that we do not know goes on
-- as it is, to be set aside by int_consents.
with profiles as (

    select * from {{ ref('stg_klaviyo__profiles') }}

),

states as (

    select
        record_id, source, recorded_at, 'email' as channel, 'email' as contact_point_type, email as contact_point,
        email_consent_state as state, email_consent_method as method, email_consent_updated_at as changed_at, created_at, updated_at
    from profiles
    union all
    select
        record_id, source, recorded_at, 'sms' as channel, 'phone' as contact_point_type, phone as contact_point,
        sms_consent_state as state, sms_consent_method as method, sms_consent_updated_at as changed_at, created_at, updated_at
    from profiles

),

consents as (

    select
        -- ids
        concat_ws(':', record_id, channel, lower(state), strftime(changed_at, '%Y%m%d%H%M%S')) as consent_id,
        source,
        record_id,

        -- text
        contact_point_type,
        contact_point,
        channel,
        'marketing' as purpose,
        case state when 'SUBSCRIBED' then 'granted' when 'UNSUBSCRIBED' then 'withdrawn' else lower(state) end as status,
        'consent' as legal_basis,
        cast(null as varchar) as policy_version,
        method as proof,

        -- times: without one of its own, a grant is as old as the record and an opt-out as new, the careful reading of both
        coalesce(changed_at, case when state = 'SUBSCRIBED' then created_at else updated_at end) as effective_at,
        recorded_at
    from states
    where state <> 'NEVER_SUBSCRIBED' and contact_point is not null

)

select * from consents
