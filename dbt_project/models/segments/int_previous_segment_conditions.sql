{{ config(materialized='ephemeral') }}
{%- set columns = {'customer_id': 'varchar'} %}
{%- for segment in cdp.segment_columns() %}{% do columns.update({segment: 'usmallint'}) %}{% endfor -%}
-- Grain: one row per customer of the previous generation: the conditions that they failed then.
{{ cdp.previous('activation', 'int_segment_conditions', columns) }}
