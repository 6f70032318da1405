-- One row per consent decision, on the standard form of the contact point that it was made for.
with consents as (

    select
        *,
        contact_point_type as kind,
        case when contact_point_type = 'phone' then coalesce(region, '') else '' end as cached_region
    from {{ ref('int_consents_unioned') }}

),

cached as (

    select * from {{ ref('int_standardised_values') }} where value_type in ('email', 'phone')

),

standardised as (

    select
        consents.*,
        {{ cdp.std_by_kind(['email', 'phone'], 'consents.contact_point', 'consents.region', 'cached.std') }} as std
    from consents
    left join cached
        on cached.value_type = consents.kind
        and cached.region = consents.cached_region
        and cached.raw = consents.contact_point

),

judged as (

    select *, {{ cdp.blocked_by_kind(['email', 'phone'], 'contact_point') }} as blocked_reason from standardised

),

decisions as (

    select
        consent_id,
        source,
        record_id,
        contact_point_type,
        case when blocked_reason is null then std end as contact_point_std,
        channel,
        purpose,
        status,
        effective_at,
        recorded_at,
        legal_basis,
        policy_version,
        proof
    from judged

)

select * from decisions
