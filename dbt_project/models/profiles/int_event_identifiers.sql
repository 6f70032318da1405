-- Grain: one row per identifier that names somebody (what is blocked, such as "undefined", names nobody), with the device whose
-- record it is on: anonymous_id is null where a user's own record says it.
{{ config(materialized='view') }}
with identifiers as (
    select source, record_id, identifier_type, identifier_value, first_seen_at
    from {{ ref('int_identifiers') }}
    where identifier_value_std is not null
),
devices as (
    select record_id, identifier_value as anonymous_id from identifiers where identifier_type = 'anonymous_id'
),
final as (
    select identifiers.*, devices.anonymous_id
    from identifiers
    left join devices on devices.record_id = identifiers.record_id
)
select * from final
