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
sizes as (
    select segment, members_count from {{ ref('segment_sizes') }} where run_id = {{ cdp.run_id() }}
),
left_out as (
    select events.source, coalesce(events.excluded_by, case when events.is_bot then 'as its source says' end, internal.excluded_by) as excluded_by
    from {{ ref('int_events') }} as events
    left join {{ ref('int_internal_records') }} as internal on internal.record_id = events.record_id
    where events.event_type in ('page', 'screen', 'track')
        and (events.excluded_by is not null or events.is_bot or internal.record_id is not null)
),
measured as (
    select * from {{ ref('int_outcome_metrics') }}
    union all
    select 'data_quality_score', source, 'all', avg(score_pct), 'percent'
    from {{ ref('data_quality') }}
    where run_id = {{ cdp.run_id() }}
    group by source
    union all
    select 'data_quality_score', 'all', 'all', sum(score_pct * records_count) / sum(records_count), 'percent'
    from {{ ref('data_quality') }}
    where run_id = {{ cdp.run_id() }}
    having count(*) > 0
    union all
    select 'quarantined', coalesce(source, 'all'), coalesce(kind, 'all'), count(*), 'rows'
    from {{ ref('quarantine') }}
    group by grouping sets ((source, kind), (kind), ())
    union all
    select 'events_left_out', source, excluded_by, count(*), 'events' from left_out group by source, excluded_by
    union all
    select 'segment_size', 'all', segment, members_count, 'customers' from sizes
    union all
    select 'segment_precision', 'all', segment, expected_precision, 'share'
    from {{ ref('segment_accuracy') }}
    where expected_precision is not null
    union all
    -- from when a segment was written down to the first run that published it; only for those that say when
    select 'hours_to_publish', 'all', written.segment, greatest(epoch(published.recorded_at - written.written_at), 0) / 3600, 'hours'
    from {{ ref('segments') }} as written
    inner join (select segment, min(recorded_at) as recorded_at from {{ ref('segment_sizes') }} group by segment) as published
        on published.segment = written.segment
    where written.written_at is not null
    union all
    select 'score_error', 'all', score, error, 'error' from {{ ref('score_models') }} where run_id = {{ cdp.run_id() }} and error is not null
    union all
    select 'score_lift', 'all', score, lift, 'ratio' from {{ ref('score_models') }} where run_id = {{ cdp.run_id() }} and lift is not null
    union all
    select 'score_drift', 'all', score, drift, 'index' from {{ ref('score_models') }} where run_id = {{ cdp.run_id() }} and drift is not null
    union all
    select 'accounts_by_risk', 'all', coalesce(risk_level, 'none'), count(*), 'accounts'
    from {{ ref('accounts') }}
    group by 3
    union all
    select 'conflicting_values', 'all', field, conflicts_count, 'customers'
    from {{ ref('field_report') }}
    where run_id = {{ cdp.run_id() }} and model = 'customers' and conflicts_count > 0
),
of_this_run as (
    {{ cdp.beside_the_run_before('measured', 'before') }}
),
metrics as (
    select * from before where run_id <> {{ cdp.run_id() }}
    union all
    -- a run of this layer alone takes over what the identity layer was measured to be
    select
        {{ cdp.run_id() }} as run_id, {{ cdp.as_of() }} as effective_at, {{ cdp.run_started_at() }} as recorded_at,
        metric, source, dimension, cast(value as double) as value, previous_value, unit
    from (select * from {{ ref('int_identity_metrics') }} union all select * from of_this_run)
)
select * from metrics
