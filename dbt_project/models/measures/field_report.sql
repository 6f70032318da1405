-- Grain: one row per run and field of a table that describes an entity, and per column that staging delivers and no model takes.
-- What each field is worth: filled, agreed on by the systems that hold it, fresh, answered for, and read by anybody.
with before as (
    {{ cdp.previous('customers', 'field_report', {
        'run_id': 'varchar', 'effective_at': 'timestamp', 'model': 'varchar', 'field': 'varchar', 'owner': 'varchar', 'purpose': 'varchar',
        'strategy': 'varchar', 'winning_system': 'varchar', 'systems': 'varchar', 'systems_count': 'bigint', 'rows_count': 'bigint',
        'filled_count': 'bigint', 'filled_pct': 'double', 'compared_count': 'bigint', 'conflicts_count': 'bigint',
        'agreement_pct': 'double', 'stale_count': 'bigint', 'stale_pct': 'double', 'used_by': 'varchar', 'is_used': 'boolean',
        'is_ownerless': 'boolean', 'is_duplicated': 'boolean'
    }) }}
),
registry as (
    select model, field, strategy, owner, purpose, winning_system
    from {{ ref('source_of_truth') }}
    where model in ('{{ cdp.entity_tables() | join("', '") }}')
),
filled as (
    {{ cdp.filled_fields() }}
),
candidates as (
    select 'customers' as model, customer_id as entity_id, field, source, value, is_winner, is_stale
    from {{ ref('customer_fields') }}
    where rule is distinct from 'derived'
    union all
    select 'accounts', account_id, field, source, value, is_winner, is_stale from {{ ref('account_fields') }}
),
entities as (
    -- spelling apart: case and accents are no conflict
    select
        model, field, entity_id,
        min(source) <> max(source) as is_compared,
        min(strip_accents(lower(trim(value)))) <> max(strip_accents(lower(trim(value)))) as is_in_conflict,
        coalesce(bool_or(is_winner and is_stale), false) as is_stale
    from candidates
    group by all
),
agreements as (
    select
        model, field,
        count(*) as values_count,
        count(*) filter (where is_compared) as compared_count,
        count(*) filter (where is_compared and is_in_conflict) as conflicts_count,
        count(*) filter (where is_stale) as stale_count
    from entities
    group by all
),
systems as (
    select model, field, count(distinct source) as systems_count, string_agg(distinct source, ', ' order by source) as systems
    from candidates
    group by all
),
uses as (
    {{ cdp.uses_of_fields() }}
),
untaken as (
    {{ cdp.untaken_columns() }}
),
measured as (
    select
        registry.model, registry.field, registry.owner, registry.purpose, registry.strategy, registry.winning_system,
        systems.systems, coalesce(systems.systems_count, 0) as systems_count,
        filled.rows_count, filled.filled_count, agreements.values_count, agreements.compared_count, agreements.conflicts_count,
        agreements.stale_count, uses.used_by
    from registry
    left join filled on filled.model = registry.model and filled.field = registry.field
    left join agreements on agreements.model = registry.model and agreements.field = registry.field
    left join systems on systems.model = registry.model and systems.field = registry.field
    left join uses on uses.model = registry.model and uses.field = registry.field
    union all
    select model, field, owner, purpose, null, system, system, 1, null, null, null, null, null, null, null from untaken
),
final as (
    -- a run that is repeated after it published is measured anew
    select * from before where run_id <> {{ cdp.run_id() }}
    union all
    select
        {{ cdp.run_id() }}, {{ cdp.as_of() }}, model, field, nullif(owner, ''), nullif(purpose, ''), strategy, winning_system, systems,
        systems_count, rows_count, filled_count, round(100.0 * filled_count / nullif(rows_count, 0), 1),
        compared_count, conflicts_count, round(100.0 * (compared_count - conflicts_count) / nullif(compared_count, 0), 1),
        stale_count, round(100.0 * stale_count / nullif(values_count, 0), 1),
        used_by, used_by is not null, coalesce(owner, '') = '', systems_count > 1
    from measured
)
select * from final
