-- Grain: one row per run, metric, source and dimension, from the first generation on.
with before as (
    {{ cdp.previous('customers', 'platform_metrics', {
        'run_id': 'varchar',
        'effective_at': 'timestamp',
        'recorded_at': 'timestamp',
        'metric': 'varchar',
        'source': 'varchar',
        'dimension': 'varchar',
        'value': 'double',
        'unit': 'varchar'
    }) }}
),

measured as (
    select * from {{ ref('int_customer_metrics') }}
    union all
    select * from {{ ref('int_linkage_metrics') }}
),

-- a run that is repeated after it published is measured anew
metrics as (
    select * from before where run_id <> {{ cdp.run_id() }}
    union all
    select
        {{ cdp.run_id() }} as run_id,
        {{ cdp.as_of() }} as effective_at,
        {{ cdp.run_started_at() }} as recorded_at,
        metric,
        source,
        dimension,
        value,
        unit
    from measured
)

select * from metrics
