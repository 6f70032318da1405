-- Grain: one row per segment and customer who was in it in the previous generation, is still considered, and is in it no longer.
with previous_members as (
    select * from {{ ref('int_previous_segment_members') }}
),
final as (
    {{ cdp.conditions_no_longer_met() }}
)
select * from final
