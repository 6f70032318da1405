-- Grain: one row per customer, contact point, purpose, channel and source that has a word on it: that source's latest word.
-- The algebra of governance/consent_algebra.py in SQL, its first half; consents takes the strictest of these. record_id is the
-- customer's own: the one that decided, else the first that holds the contact point.
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
points as (
    select distinct contact_point_type, contact_point from words
),
-- A user id is a person's: on a device that several people use it says nothing about the device.
identifiers as (
    select identity_map.customer_id, identifiers.record_id, identifiers.identifier_type, identifiers.identifier_value_std
    from {{ ref('int_identifiers') }} as identifiers
    inner join identity_map on identity_map.record_id = identifiers.record_id
    where identifiers.identifier_type in ('email', 'phone', 'anonymous_id')
        or (identifiers.identifier_type = 'user_id' and not identity_map.is_device)
),
addresses as (
    select records.record_id, {{ cdp.postal_address('records') }} as contact_point
    from {{ ref('int_records') }} as records
    where exists (select 1 from points where contact_point_type = 'postal_address')
    union all
    select record_id, postal_address_std as contact_point from {{ ref('int_postal_addresses') }}
),
holdings as (
    select identifiers.customer_id, identifiers.record_id, points.contact_point_type, points.contact_point
    from points
    inner join identifiers
        on identifiers.identifier_value_std = points.contact_point
        and identifiers.identifier_type = case points.contact_point_type when 'device' then 'anonymous_id' else points.contact_point_type end
    union all
    select identity_map.customer_id, addresses.record_id, points.contact_point_type, points.contact_point
    from points
    inner join addresses on addresses.contact_point = points.contact_point
    inner join identity_map on identity_map.record_id = addresses.record_id
    where points.contact_point_type = 'postal_address'
    union all
    select identity_map.customer_id, words.record_id, words.contact_point_type, words.contact_point
    from words
    inner join identity_map on identity_map.record_id = words.record_id
),
holders as (
    select customer_id, contact_point_type, contact_point, min(record_id) as record_id from holdings group by all
),
final as (
    select
        holders.customer_id,
        case when deciders.customer_id = holders.customer_id then words.record_id else holders.record_id end as record_id,
        words.source, words.contact_point_type, words.contact_point, words.purpose, words.channel, words.status,
        words.decision_id, words.effective_at, words.recorded_at, words.expires_at,
        words.author, words.legal_basis, words.policy_version, words.proof
    from words
    inner join holders
        on holders.contact_point_type = words.contact_point_type and holders.contact_point = words.contact_point
    left join identity_map as deciders on deciders.record_id = words.record_id
)
select * from final
