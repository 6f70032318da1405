-- Grain: one row per public field and system that may supply it; system_rank 1 wins. The field * is a whole table.
-- The registry, checked: macros/source_of_truth.sql says what stops the build here.
{{ cdp.check_source_of_truth(
    ref('source_of_truth'),
    units={'customers': cdp.customer_units(), 'accounts': cdp.account_units()},
    strategies=['owning_system', 'most_recent', 'most_frequent', 'verified_first', 'longest', 'strictest', 'derived']
) }}
with registry as (
    select * from {{ ref('source_of_truth') }}
),
orders as (
    select *, string_split(concat_ws(';', winning_system, nullif(fallback_order, '')), ';') as systems
    from registry
),
ranked as (
    select
        model, field, strategy, owner, freshness_days, purpose, derivation, derived_from,
        unnest(systems) as system,
        generate_subscripts(systems, 1) as system_rank
    from orders
)
select * from ranked
