-- Fails if a member of a segment does not meet all its conditions, or if a customer who does is not a member.
with expected as (
    {{ cdp.members_of_all_segments() }}
),
members as (
    select * from {{ ref('segment_members') }}
)
select coalesce(expected.segment, members.segment) as segment, coalesce(expected.customer_id, members.customer_id) as customer_id
from expected
full join members on members.segment = expected.segment and members.customer_id = expected.customer_id
where members.customer_id is null or expected.customer_id is null
