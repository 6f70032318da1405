-- Grain: one row per known customer, a column per segment: the conditions that the customer fails (macros/segments.sql).
-- Every segment is read here, once; members, histories, waterfalls and overlaps come from this table.
-- depends_on: {{ ref('int_segment_definitions') }} so that a segment is judged before it is read.
{{ cdp.failed_conditions() }}
