{{ config(materialized='ephemeral') }}
-- Grain: one row per segment and member of the previous generation.
{{ cdp.previous('customers', 'segment_members', {'segment': 'varchar', 'customer_id': 'varchar', 'entered_at': 'timestamp'}) }}
