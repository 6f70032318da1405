{{ config(materialized='ephemeral') }}
-- Grain: one row per change of membership up to the previous generation.
{{ cdp.previous('customers', 'segment_history', {
    'segment': 'varchar', 'customer_id': 'varchar', 'change_type': 'varchar', 'reason': 'varchar',
    'effective_at': 'timestamp', 'recorded_at': 'timestamp', 'run_id': 'varchar'
}) }}
