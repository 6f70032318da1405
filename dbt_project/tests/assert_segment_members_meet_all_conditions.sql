-- Fails if a member of a segment does not meet all its conditions, or if a customer who does is not a member.
-- It asks the segments' own rows again, not the table that members come from.
with expected as (
    {%- for name in cdp.segment_names() %}
    select '{{ name[4:] }}' as segment, customer_id from {{ ref(name) }} where {{ cdp.segment_conditions(name) | join(' and ') or 'false' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
members as (
    select * from {{ ref('segment_members') }}
)
select coalesce(expected.segment, members.segment) as segment, coalesce(expected.customer_id, members.customer_id) as customer_id
from expected
full join members on members.segment = expected.segment and members.customer_id = expected.customer_id
where members.customer_id is null or expected.customer_id is null
