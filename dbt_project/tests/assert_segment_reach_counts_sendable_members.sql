-- Fails if segment_reach counts other members than those whom cdp.sendable_members gives.
with sendable as (
    {%- for segment in cdp.segment_columns() %}
    select '{{ segment }}' as segment, count(*) as members_count from ({{ cdp.sendable_members(segment, 'email') }})
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)
select reach.segment
from {{ ref('segment_reach') }} as reach
inner join sendable on sendable.segment = reach.segment
where reach.channel = 'email' and reach.sendable_count <> sendable.members_count
