-- Grain: one row per metric, source and dimension of this run's resolution, beside the figure of the run before.
with before as (
    {{ cdp.previous('customers', 'platform_metrics', {
        'run_id': 'varchar',
        'recorded_at': 'timestamp',
        'metric': 'varchar',
        'source': 'varchar',
        'dimension': 'varchar',
        'value': 'double'
    }) }}
),

measured as (
    select * from {{ ref('int_customer_metrics') }}
    union all
    select * from {{ ref('int_linkage_metrics') }}
),

metrics as (
    {{ cdp.beside_the_run_before('measured', 'before') }}
)

select * from metrics
