-- One row per change of who is who, from the first generation on: what the previous one knew, and what this run learned.
with before as (
    {{ cdp.previous('customers', 'identity_changes', {
        'change_id': 'varchar',
        'change_type': 'varchar',
        'customer_id': 'varchar',
        'other_customer_id': 'varchar',
        'record_id': 'varchar',
        'evidence': 'varchar',
        'effective_at': 'timestamp',
        'recorded_at': 'timestamp',
        'run_id': 'varchar'
    }) }}
),

learned as (
    select * from {{ source('identity', 'run_changes') }}
),

changes as (
    {{ cdp.known_and_learned('before', 'learned') }}
)

select * from changes
