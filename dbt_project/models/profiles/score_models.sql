-- Grain: one row per run and score, from the first generation on.
with before as (
    {{ cdp.previous('customers', 'score_models', {
        'run_id': 'varchar', 'score': 'varchar', 'model': 'varchar', 'horizon_days': 'integer',
        'effective_at': 'timestamp', 'recorded_at': 'timestamp', 'parameters': 'varchar',
        'fitted_rows_count': 'bigint', 'scored_customers_count': 'bigint',
        'tested_rows_count': 'bigint', 'tested_positives_count': 'bigint',
        'measure': 'varchar', 'error': 'double', 'baseline_error': 'double', 'lift': 'double',
        'calibration_error': 'double', 'calibration': 'varchar', 'is_published': 'boolean', 'reason': 'varchar',
        'distribution': 'varchar', 'drift': 'double', 'previous_error': 'double'
    }) }}
),
scored as (
    select * from {{ source('scoring', 'score_models') }}
),
-- a run that is repeated after it published is scored anew; one of this layer alone has the scores of an earlier run
final as (
    select * from before where run_id <> {{ cdp.run_id() }} and run_id not in (select run_id from scored)
    union all by name
    select * from scored
)
select * from final
