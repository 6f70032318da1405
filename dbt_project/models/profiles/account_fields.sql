-- Grain: one row per account, field and account record that has a value for it; the winner is the golden value.
with records as (
    select * from {{ ref('int_account_records') }}
),
candidates as (
    {{ cdp.unit_candidates(cdp.account_units(), 'account_id', 'account_record_id') }}
),
ranked as (
    {{ cdp.ranked_candidates('accounts', cdp.account_units(), 'account_id', 'account_record_id') }}
),
final as (
    select
        account_id, field, account_record_id, source, value,
        rank = 1 as is_winner,
        cast(rank as integer) as rank,
        rule, lost_because, recorded_at, age_days, is_stale
    from ranked
)
select * from final
