-- Grain: one row per customer, field and candidate; the winner is the golden value. Candidates are the records that have a value; of
-- a permission what each source says of it, on the record that decided or else holds the contact point. A derived field has one row
-- that tells how it is computed, and no record: its value, which rests on many, is in customers.
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
derivations as (
    select field, strategy, system, derivation || ' (' || replace(derived_from, ';', ', ') || ')' as derivation
    from {{ ref('int_source_of_truth') }}
    where model = 'customers' and strategy = 'derived' and derivation is not null and system_rank = 1
),
candidates as (
    {{ cdp.unit_candidates(cdp.customer_units(), 'customer_id', 'record_id', verifiable=['email', 'phone']) }}
),
ranked as (
    {{ cdp.ranked_candidates('customers', cdp.customer_units(), 'customer_id', 'record_id') }}
),
permissions as (
    {{ cdp.permission_candidates(cdp.customer_permissions()) }}
),
final as (
    select
        customer_id, field, record_id, source, value,
        rank = 1 as is_winner,
        cast(rank as integer) as rank,
        rule, lost_because, cast(null as varchar) as derivation, is_verified, recorded_at, age_days, is_stale
    from ranked
    union all
    select
        permissions.customer_id, permissions.field, permissions.record_id, permissions.source, permissions.value,
        permissions.rank = 1,
        cast(permissions.rank as integer),
        registry.strategy, permissions.lost_because, null, false, permissions.recorded_at,
        datediff('day', permissions.recorded_at, {{ cdp.as_of() }}),
        datediff('day', permissions.recorded_at, {{ cdp.as_of() }}) > registry.freshness_days
    from permissions
    inner join registry on registry.field = permissions.field
    union all
    select
        customers.customer_id, derivations.field, null, derivations.system, null,
        true, 1, derivations.strategy, null, derivations.derivation, null, null, null, null
    from (select distinct customer_id from records) as customers
    cross join derivations
)
select * from final
