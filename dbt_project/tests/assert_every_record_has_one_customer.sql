-- Fails if a person record of int_records belongs to no customer or to two, or if the identity map holds a record that no longer exists.
select int_records.record_id, count(identity_map.customer_id) as customers_count
from {{ ref('int_records') }} as int_records
full join {{ source('identity', 'identity_map') }} as identity_map on identity_map.record_id = int_records.record_id
where not coalesce(identity_map.is_device, false)
group by int_records.record_id
having count(distinct identity_map.customer_id) <> 1 or int_records.record_id is null
