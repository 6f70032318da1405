-- Grain: one row per customer, field, record and source that has a value for it; the winner is the golden value. A permission's
-- candidates are what each source says of it, on the record that decided or else holds the contact point.
with records as (
    select * from {{ ref('int_customer_records') }}
),
words as (
    select words.*
    from {{ ref('int_consent_words') }} as words
    semi join records on records.customer_id = words.customer_id
),
registry as (
    select distinct field, strategy, freshness_days from {{ ref('int_source_of_truth') }} where model = 'customers'
),
candidates as (
    {{ cdp.field_candidates(cdp.customer_units(), 'customer_id', 'record_id', verifiable=['email', 'phone']) }}
),
ranked as (
    {{ cdp.ranked_candidates('customers', 'customer_id', 'record_id') }}
),
permissions as (
    {{ cdp.permission_candidates(cdp.customer_permissions()) }}
),
final as (
    select
        customer_id, field, record_id, source, value,
        rank = 1 as is_winner,
        cast(rank as integer) as rank,
        rule, lost_because, is_verified, recorded_at, age_days, is_stale
    from ranked
    union all
    select
        permissions.customer_id, permissions.field, permissions.record_id, permissions.source, permissions.value,
        permissions.rank = 1,
        cast(permissions.rank as integer),
        registry.strategy, permissions.lost_because, false, permissions.recorded_at,
        datediff('day', permissions.recorded_at, {{ cdp.as_of() }}),
        datediff('day', permissions.recorded_at, {{ cdp.as_of() }}) > registry.freshness_days
    from permissions
    inner join registry on registry.field = permissions.field
)
select * from final
