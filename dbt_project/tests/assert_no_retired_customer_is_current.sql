-- Fails if an id that was retired by a merge or split still stands for somebody.
select changes.customer_id
from {{ source('identity', 'run_changes') }} as changes
inner join {{ source('identity', 'identity_map') }} as identity_map on identity_map.customer_id = changes.customer_id
where changes.change_type = 'retired'
