-- Grain: one row per customer, contact point, purpose and channel that somebody decided on; no row means never asked.
-- The algebra of governance/consent_algebra.py in SQL: of one source the latest word, between sources the strictest.
with decisions as (
    select *, {{ cdp.strictness('status') }} as strictness
    from {{ source('governance', 'consent_decisions') }}
    where effective_at <= {{ cdp.as_of() }}
),
identity_map as (
    select record_id, customer_id, is_device from {{ source('identity', 'identity_map') }}
),
words as (
    select
        * exclude (status, strictness),
        case when status = 'granted' and expires_at <= {{ cdp.as_of() }} then 'expired' else status end as status
    from decisions
    qualify row_number() over (
        partition by contact_point_type, contact_point, purpose, channel, source
        order by effective_at desc, strictness desc, expires_at asc nulls last, event_id desc
    ) = 1
),
winners as (
    select *
    from words
    qualify row_number() over (
        partition by contact_point_type, contact_point, purpose, channel
        order by {{ cdp.strictness('status') }} desc, effective_at desc, source desc
    ) = 1
),
agreement as (
    select
        contact_point_type, contact_point, purpose, channel,
        string_agg(source || ' ' || status, '; ' order by source) as sources_say,
        count(*) as sources_count,
        bool_or(status = 'granted') and bool_or(status <> 'granted') as is_conflicting
    from words
    group by contact_point_type, contact_point, purpose, channel
),
points as (
    select distinct contact_point_type, contact_point from words
),
-- A user id is a person's: on a device that several people use it says nothing about the device.
identifiers as (
    select identity_map.customer_id, identifiers.identifier_type, identifiers.identifier_value_std
    from {{ ref('int_identifiers') }} as identifiers
    inner join identity_map on identity_map.record_id = identifiers.record_id
    where identifiers.identifier_type in ('email', 'phone', 'anonymous_id')
        or (identifiers.identifier_type = 'user_id' and not identity_map.is_device)
),
addresses as (
    select identity_map.customer_id, {{ cdp.postal_address('records') }} as contact_point
    from {{ ref('int_records') }} as records
    inner join identity_map on identity_map.record_id = records.record_id
    where exists (select 1 from points where contact_point_type = 'postal_address')
),
holders as (
    select identifiers.customer_id, points.contact_point_type, points.contact_point
    from points
    inner join identifiers
        on identifiers.identifier_value_std = points.contact_point
        and identifiers.identifier_type = case points.contact_point_type when 'device' then 'anonymous_id' else points.contact_point_type end
    union
    select addresses.customer_id, points.contact_point_type, points.contact_point
    from points
    inner join addresses on addresses.contact_point = points.contact_point
    where points.contact_point_type = 'postal_address'
    union
    select identity_map.customer_id, words.contact_point_type, words.contact_point
    from words
    inner join identity_map on identity_map.record_id = words.record_id
),
final as (
    select
        holders.customer_id, winners.decision_id, winners.contact_point_type, winners.contact_point,
        winners.purpose, winners.channel, winners.status, winners.status = 'granted' as is_allowed,
        case when winners.status = 'expired' and winners.expires_at is not null then winners.expires_at else winners.effective_at end as since_at,
        winners.recorded_at, winners.expires_at,
        winners.source, winners.author, winners.legal_basis, winners.policy_version, winners.proof,
        agreement.is_conflicting, agreement.sources_say, agreement.sources_count
    from holders
    inner join winners
        on winners.contact_point_type = holders.contact_point_type and winners.contact_point = holders.contact_point
    inner join agreement
        on agreement.contact_point_type = winners.contact_point_type and agreement.contact_point = winners.contact_point
        and agreement.purpose = winners.purpose and agreement.channel = winners.channel
)
select * from final
