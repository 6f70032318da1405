-- Grain: one row per customer, contact point, purpose and channel that somebody decided on; no row means never asked.
-- The algebra of governance/consent_algebra.py in SQL: of one source the latest word (int_consent_words), between sources the strictest.
with words as (
    select * from {{ ref('int_consent_words') }}
),
agreement as (
    select
        customer_id, contact_point_type, contact_point, purpose, channel,
        -- sorted afterwards: each source has one word, most points have one source, and an ordered aggregate sorts for each group
        array_to_string(list_sort(list(source || ' ' || status)), '; ') as sources_say,
        count(*) as sources_count,
        bool_or(status = 'granted') and bool_or(status <> 'granted') as is_conflicting
    from words
    group by customer_id, contact_point_type, contact_point, purpose, channel
),
winners as (
    select *
    from words
    qualify row_number() over (
        partition by customer_id, contact_point_type, contact_point, purpose, channel
        order by {{ cdp.strictness('status') }} desc, effective_at desc, source desc
    ) = 1
),
final as (
    select
        winners.customer_id, winners.decision_id, winners.contact_point_type, winners.contact_point,
        winners.purpose, winners.channel, winners.status, winners.status = 'granted' as is_allowed,
        case when winners.status = 'expired' and winners.expires_at is not null then winners.expires_at else winners.effective_at end as since_at,
        winners.recorded_at, winners.expires_at,
        winners.source, winners.author, winners.legal_basis, winners.policy_version, winners.proof,
        agreement.is_conflicting, agreement.sources_say, agreement.sources_count
    from winners
    inner join agreement
        on agreement.customer_id = winners.customer_id
        and agreement.contact_point_type = winners.contact_point_type and agreement.contact_point = winners.contact_point
        and agreement.purpose = winners.purpose and agreement.channel = winners.channel
)
select * from final
