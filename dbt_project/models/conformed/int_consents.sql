-- One row per consent event, on the standard form of the contact point that it was made for. An event that cannot count says why in
-- rejected_reason: it goes to quarantine instead of the ledger.
{%- set kinds = ['email', 'phone', 'postal_address', 'id'] %}
with consents as (

    select *, case when contact_point_type in ('device', 'user_id') then 'id' else contact_point_type end as kind
    from {{ ref('int_consents_unioned') }}

),

records as (

    select record_id from {{ ref('int_records_unioned') }}
    union
    select record_id from {{ ref('int_identifiers_unioned') }}

),

standardised as (

    {{ cdp.standardised_by_kind('consents', 'contact_point', kinds) }}

),

judged as (

    select *, {{ cdp.blocked_by_kind(kinds, 'contact_point') }} as blocked_reason from standardised

),

usable as (

    select *, case when blocked_reason is null then std end as contact_point_std from judged

),

-- Of no known record: are the contact points somebody's? Read from what int_identifiers is made of, since a table that its own layer
-- reads could not hold back the next. Who lives at an address is found out later (consents): a refusal waits there for whoever does.
orphans as (

    select usable.consent_id, usable.kind, usable.contact_point_std
    from usable
    anti join records on records.record_id = usable.record_id
    where usable.kind <> 'postal_address'

),

identifiers as (

    select case when identifier_type in ('email', 'phone') then identifier_type else 'id' end as kind, identifier_value, region
    from {{ ref('int_identifiers_unioned') }}
    where identifier_type in ('email', 'phone', 'anonymous_id', 'user_id')

),

held as (

    {{ cdp.standardised_by_kind('identifiers', 'identifier_value', ['email', 'phone', 'id']) }}

),

unknown as (

    select orphans.consent_id, true as is_unknown
    from orphans
    anti join held on held.kind = orphans.kind and held.std = orphans.contact_point_std

),

events as (

    select
        usable.consent_id,
        source,
        record_id,
        contact_point_type,
        contact_point_std,
        channel,
        purpose,
        status,
        effective_at,
        recorded_at,
        expires_at,
        legal_basis,
        policy_version,
        proof,
        case
            when purpose is null then 'no purpose'
            when purpose not in ({{ cdp.words(cdp.consent_purposes()) }}) then 'unknown purpose'
            when channel is null then 'no channel'
            when channel not in ({{ cdp.words(cdp.consent_channels()) }}) then 'unknown channel'
            when status is null then 'no status'
            when status not in ({{ cdp.words(cdp.consent_statuses()) }}) then 'unknown status'
            -- nobody can show a permission that was given at no known moment; a refusal counts from when we heard it
            when status = 'granted' and effective_at is null then 'no moment'
            -- a day, for clocks and time zones differ
            when effective_at > greatest(recorded_at, {{ cdp.as_of() }}) + interval '1' day then 'from the future'
            when is_unknown then 'unknown contact point'
        end as rejected_reason
    from usable
    left join unknown on unknown.consent_id = usable.consent_id

)

select * from events
