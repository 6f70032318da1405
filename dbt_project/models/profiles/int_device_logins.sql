-- Grain: one row per device on which somebody logged in: how many users, and since when.
with identifiers as (
    -- what is blocked ("undefined") names nobody
    select * from {{ ref('int_identifiers') }} where identifier_value_std is not null
),
devices as (
    select source, record_id, identifier_value as anonymous_id from identifiers where identifier_type = 'anonymous_id'
),
final as (
    select identifiers.record_id, count(*) as users_count, min(identifiers.first_seen_at) as first_login_at
    from identifiers
    inner join devices on devices.record_id = identifiers.record_id
    where identifiers.identifier_type = 'user_id'
    group by 1
)
select * from final
