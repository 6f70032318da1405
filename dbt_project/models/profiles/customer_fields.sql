-- Grain: one row per customer, field and record that has a value for it; the winner is the golden value.
with records as (
    select * from {{ ref('int_customer_records') }}
),
candidates as (
    {{ cdp.field_candidates(cdp.customer_units(), 'customer_id', 'record_id', verifiable=['email', 'phone']) }}
),
ranked as (
    {{ cdp.ranked_candidates('customers', 'customer_id', 'record_id') }}
),
final as (
    select
        customer_id, field, record_id, source, value,
        rank = 1 as is_winner,
        cast(rank as integer) as rank,
        rule, lost_because, is_verified, recorded_at, age_days, is_stale
    from ranked
)
select * from final
