-- Grain: one row per household, customer and stay: who lives together now, and who did.
with household_map as (
    select * from {{ source('identity', 'household_map') }}
),
customers as (
    select customer_id, birth_date from {{ ref('customers') }}
),
current_members as (
    select
        household_map.household_id, household_map.customer_id, household_map.since_at,
        case
            when customers.birth_date + interval '18' year <= {{ cdp.as_of() }} then 'adult'
            when customers.birth_date is not null then 'child'
        end as role
    from household_map
    left join customers on customers.customer_id = household_map.customer_id
),
periods as (
    {{ cdp.membership_periods('household_members', 'household_id', 'household_map') }}
),
final as (
    select household_id, customer_id, role, joined_at, left_at, left_at is null as is_current from periods
)
select * from final
