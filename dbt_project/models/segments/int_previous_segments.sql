{{ config(materialized='ephemeral') }}
-- Grain: one row per segment of the previous generation.
{{ cdp.previous('customers', 'segments', {
    'segment': 'varchar', 'conditions': 'varchar', 'definition_hash': 'varchar', 'defined_at': 'timestamp'
}) }}
