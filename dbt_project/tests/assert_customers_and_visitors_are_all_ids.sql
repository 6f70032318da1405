-- Fails if an id of the identity map is neither customer nor visitor, or both, or if one of them is not in the map.
with published as (
    select customer_id from {{ ref('customers') }}
    union all
    select customer_id from {{ ref('visitors') }}
),
assigned as (
    select distinct customer_id from {{ source('identity', 'identity_map') }}
),
counted as (
    select coalesce(assigned.customer_id, published.customer_id) as customer_id, count(published.customer_id) as rows_count, count(assigned.customer_id) as assigned_count
    from assigned
    full join published on published.customer_id = assigned.customer_id
    group by 1
)
select * from counted
where rows_count <> 1 or assigned_count <> 1
