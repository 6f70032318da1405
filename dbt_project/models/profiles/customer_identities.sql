-- Grain: one row per identifier of a record or device, numbered within its record and type, oldest first.
with identifiers as (
    select * from {{ ref('int_identifiers') }}
),
identity_map as (
    select * from {{ source('identity', 'identity_map') }}
),
final as (
    select
        identity_map.customer_id, identifiers.record_id, identifiers.identifier_type,
        cast(row_number() over (
            partition by identifiers.record_id, identifiers.identifier_type
            order by identifiers.first_seen_at nulls last, identifiers.identifier_value_std nulls last, identifiers.identifier_value
        ) as integer) as identifier_ordinal,
        identifiers.source,
        coalesce(identifiers.identifier_value_std, identifiers.identifier_value) as identifier_value,
        identity_map.is_device, identifiers.blocked_reason,
        identifiers.first_seen_at, identifiers.last_seen_at,
        cast(identifiers.seen_count as bigint) as seen_count
    from identifiers
    inner join identity_map on identity_map.record_id = identifiers.record_id
)
select * from final
