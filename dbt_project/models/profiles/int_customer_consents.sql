-- Grain: one row per customer, channel and purpose that anybody ever decided on; no row means never asked.
-- A customer is as free as their strictest contact point: a merge takes the strictest, a split gives back each side's own.
with consents as (
    select * from {{ ref('consents') }}
),
final as (
    select
        customer_id, channel, purpose,
        bool_and(is_allowed) as is_allowed,
        max(since_at) as effective_at,
        count(*) as decisions_count
    from consents
    group by customer_id, channel, purpose
)
select * from final
