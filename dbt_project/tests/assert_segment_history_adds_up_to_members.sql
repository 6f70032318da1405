-- Fails if the newest change of a customer in a segment does not agree with segment_members.
with newest as (
    select segment, customer_id, max_by(change_type, recorded_at) as change_type
    from {{ ref('segment_history') }}
    group by 1, 2
)
select coalesce(newest.segment, members.segment) as segment, coalesce(newest.customer_id, members.customer_id) as customer_id
from newest
full join {{ ref('segment_members') }} as members on members.segment = newest.segment and members.customer_id = newest.customer_id
where (coalesce(newest.change_type, 'left') = 'entered') <> (members.customer_id is not null)
