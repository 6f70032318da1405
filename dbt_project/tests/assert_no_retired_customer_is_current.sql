-- Fails if an id that a merge or split ever retired still stands for a customer or visitor.
with current_ids as (
    select customer_id from {{ ref('customers') }}
    union all
    select customer_id from {{ ref('visitors') }}
),
retired as (
    select distinct customer_id from {{ ref('identity_changes') }} where change_type = 'retired'
)
select current_ids.customer_id
from current_ids
inner join retired on retired.customer_id = current_ids.customer_id
