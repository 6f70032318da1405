-- Fails if a member of a segment is not in customers.
select segment_members.segment, segment_members.customer_id
from {{ ref('segment_members') }} as segment_members
left join {{ ref('customers') }} as customers on customers.customer_id = segment_members.customer_id
where customers.customer_id is null
