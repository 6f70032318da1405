-- Fails if an id whose newest change is its retirement still stands for a customer or visitor.
with current_ids as (
    select customer_id from {{ ref('customers') }}
    union all
    select customer_id from {{ ref('visitors') }}
),
newest as (
    select customer_id, max_by(change_type, recorded_at) as change_type
    from {{ ref('identity_changes') }}
    where change_type in ('created', 'restored', 'retired')
    group by 1
)
select current_ids.customer_id
from current_ids
inner join newest on newest.customer_id = current_ids.customer_id
where newest.change_type = 'retired'
