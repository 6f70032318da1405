-- One row per record, customer and period, from the first generation on. Periods are in recorded time: valid_from is when
-- a run began that learned that the record belongs to this customer, valid_to when one began that learned otherwise. The
-- rows that are valid at a moment, without the columns about time, are the identity map of the last run begun by then.
with before as (
    {{ cdp.previous('customers', 'identity_history', {
        'record_id': 'varchar',
        'source': 'varchar',
        'customer_id': 'varchar',
        'is_device': 'boolean',
        'first_assigned_at': 'timestamp',
        'effective_at': 'timestamp',
        'valid_from': 'timestamp',
        'valid_to': 'timestamp',
        'run_id': 'varchar'
    }) }}
),

identity_map as (
    select * from {{ source('identity', 'identity_map') }}
),

joined as (
    select * from {{ source('identity', 'run_changes') }} where change_type = 'joined'
),

learned as (
    {{ cdp.learned_at('before') }}
),

continued as (
    select
        identity_map.record_id, identity_map.source, identity_map.customer_id, identity_map.is_device,
        identity_map.first_assigned_at, identity_map.run_id, before.valid_from
    from identity_map
    inner join before
        on before.record_id = identity_map.record_id
        and before.valid_to is null
        and before.source = identity_map.source
        and before.customer_id = identity_map.customer_id
        and before.is_device = identity_map.is_device
        and before.first_assigned_at = identity_map.first_assigned_at
        and before.run_id = identity_map.run_id
),

kept as (
    select
        before.record_id, before.source, before.customer_id, before.is_device, before.first_assigned_at, before.effective_at,
        before.valid_from,
        case
            when before.valid_to is not null then before.valid_to
            when continued.record_id is null then learned.learned_at
        end as valid_to,
        before.run_id
    from before
    cross join learned
    left join continued on continued.record_id = before.record_id
),

begun as (
    select
        identity_map.record_id, identity_map.source, identity_map.customer_id, identity_map.is_device,
        identity_map.first_assigned_at,
        coalesce(joined.effective_at, identity_map.first_assigned_at) as effective_at,
        learned.learned_at as valid_from,
        cast(null as timestamp) as valid_to,
        identity_map.run_id
    from identity_map
    cross join learned
    left join joined on joined.record_id = identity_map.record_id
    left join continued on continued.record_id = identity_map.record_id
    where continued.record_id is null
),

periods as (
    select * from kept
    union all
    select * from begun
)

select * from periods
