-- One row per change of an account or a household, from the first generation on: what the previous one knew, and what this
-- run learned.
with before as (
    {{ cdp.previous('customers', 'group_changes', {
        'change_id': 'varchar',
        'entity': 'varchar',
        'change_type': 'varchar',
        'group_id': 'varchar',
        'other_group_id': 'varchar',
        'member_id': 'varchar',
        'effective_at': 'timestamp',
        'recorded_at': 'timestamp',
        'run_id': 'varchar'
    }) }}
),

learned as (
    select * from {{ source('identity', 'group_run_changes') }}
),

changes as (
    {{ cdp.known_and_learned('before', 'learned') }}
)

select * from changes
