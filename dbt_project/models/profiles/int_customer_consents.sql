-- Grain: one row per customer, channel and purpose that anybody ever decided on; no row means never asked.
-- Within one system the newest decision on a contact point holds; between systems, contact points and merged records, deny wins.
with consents as (
    select *, coalesce(contact_point_type || ':' || contact_point_std, record_id) as contact_point from {{ ref('int_consents') }}
),
identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
identifiers as (
    select record_id, identifier_type || ':' || identifier_value_std as contact_point
    from {{ ref('int_identifiers') }}
    where identifier_type in ('email', 'phone') and identifier_value_std is not null
),
ordered as (
    select
        *,
        row_number() over (
            partition by source, contact_point, channel, purpose
            order by effective_at desc nulls last, recorded_at desc nulls last, status = 'granted', consent_id desc
        ) as newest
    from consents
),
current_decisions as (
    select * from ordered where newest = 1
),
reached as (
    select identity_map.customer_id, current_decisions.consent_id
    from current_decisions
    inner join identity_map on identity_map.record_id = current_decisions.record_id
    union
    select identity_map.customer_id, current_decisions.consent_id
    from current_decisions
    inner join identifiers on identifiers.contact_point = current_decisions.contact_point
    inner join identity_map on identity_map.record_id = identifiers.record_id
),
final as (
    select
        reached.customer_id, current_decisions.channel, current_decisions.purpose,
        min(case when current_decisions.status = 'granted' then 1 else 0 end) = 1 as is_allowed,
        max(current_decisions.effective_at) as effective_at,
        count(*) as decisions_count
    from reached
    inner join current_decisions on current_decisions.consent_id = reached.consent_id
    group by 1, 2, 3
)
select * from final
