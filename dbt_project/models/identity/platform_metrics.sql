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
        'previous_value': 'double',
        'unit': 'varchar'
    }) }}
),

measured as (
    select * from {{ ref('int_customer_metrics') }}
    union all
    select * from {{ ref('int_linkage_metrics') }}
),

-- a run that is repeated after it published is measured anew
history as (
    select * from before where run_id <> {{ cdp.run_id() }}
),

run_before as (
    select * from history where run_id = (select max_by(run_id, recorded_at) from history)
),

metrics as (
    select * from history
    union all
    select
        {{ cdp.run_id() }} as run_id,
        {{ cdp.as_of() }} as effective_at,
        {{ cdp.run_started_at() }} as recorded_at,
        measured.metric,
        measured.source,
        measured.dimension,
        measured.value,
        run_before.value as previous_value,
        measured.unit
    from measured
    left join run_before
        on run_before.metric = measured.metric
        and run_before.source = measured.source
        and run_before.dimension = measured.dimension
)

select * from metrics
