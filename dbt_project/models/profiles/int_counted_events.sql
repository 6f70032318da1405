-- Grain: one row per event that counts: sent by no machine, left out by no rule, and not by our own people.
{{ config(materialized='view') }}
select events.*
from {{ ref('int_events') }} as events
anti join {{ ref('int_internal_records') }} as internal on internal.record_id = events.record_id
where events.excluded_by is null and not coalesce(events.is_bot, false)
