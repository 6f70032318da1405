-- Fails if a person record of int_records belongs to no customer or to two, or to one that is not in customers.
with records as (
    select record_id from {{ ref('int_records') }}
),
identified as (
    select customer_records.record_id, customers.customer_id
    from {{ ref('int_customer_records') }} as customer_records
    inner join {{ ref('customers') }} as customers on customers.customer_id = customer_records.customer_id
)
select records.record_id, count(identified.customer_id) as customers_count
from records
left join identified on identified.record_id = records.record_id
group by 1
having count(identified.customer_id) <> 1
