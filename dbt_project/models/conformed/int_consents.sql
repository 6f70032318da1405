-- One row per consent decision, on the standard form of the contact point that it was made for.
{%- set point = 'consents.contact_point' %}
{%- set region = 'consents.region' %}

with consents as (

    select * from {{ ref('int_consents_unioned') }}

),

standardised as (

    select
        consents.*,
        case consents.contact_point_type
            when 'email' then {{ cdp.std_of(point, 'email') }}
            when 'phone' then {{ cdp.std_of(point, 'phone', region) }}
        end as std
    from consents
    {{ cdp.join_cached(point, 'email') }} and consents.contact_point_type = 'email'
    {{ cdp.join_cached(point, 'phone', region) }} and consents.contact_point_type = 'phone'

),

decisions as (

    select
        consent_id,
        source,
        record_id,
        contact_point_type,
        case when case contact_point_type
            when 'email' then std_blocked_reason_email(contact_point, std)
            when 'phone' then std_blocked_reason_phone(contact_point, std)
        end is null then std end as contact_point_std,
        channel,
        purpose,
        status,
        effective_at,
        recorded_at,
        legal_basis,
        policy_version,
        proof
    from standardised

)

select * from decisions
