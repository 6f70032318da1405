-- Fails if a touch belongs to nobody who is a customer or a visitor.
select timeline.touch_id
from {{ ref('customer_timeline') }} as timeline
left join {{ ref('customers') }} as customers on customers.customer_id = timeline.customer_id
left join {{ ref('visitors') }} as visitors on visitors.customer_id = timeline.customer_id
where customers.customer_id is null and visitors.customer_id is null
