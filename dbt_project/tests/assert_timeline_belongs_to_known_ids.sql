-- Fails if a touch belongs to nobody who is a customer or a visitor, nor to an account.
select timeline.touch_id
from {{ ref('customer_timeline') }} as timeline
left join {{ ref('customers') }} as customers on customers.customer_id = timeline.customer_id
left join {{ ref('visitors') }} as visitors on visitors.customer_id = timeline.customer_id
left join {{ source('identity', 'account_map') }} as accounts on accounts.account_id = timeline.account_id
where (timeline.customer_id is not null and customers.customer_id is null and visitors.customer_id is null)
    or (timeline.customer_id is null and accounts.account_id is null)
