-- Grain: one row per household: known customers who live at one private address, or one who lives there alone.
-- Its place is what its members' records last said of a home; a record that names a company speaks of the company's.
with members as (
    select * from {{ ref('household_members') }} where is_current
),
records as (
    select * from {{ ref('int_customer_records') }}
    where company_name is null and record_id not in (select record_id from {{ ref('int_account_members') }})
),
places as (
    select
        members.household_id, records.city, records.region, records.postal_code, records.country,
        row_number() over (
            partition by members.household_id
            order by records.recorded_at desc nulls last, records.record_id
        ) as place
    from members
    inner join records on records.customer_id = members.customer_id
    where records.street is not null
),
counted as (
    select
        household_id,
        count(*) as members_count,
        count(*) filter (where role = 'adult') as adults_count,
        count(*) filter (where role = 'child') as children_count,
        count(*) filter (where role is null) as members_of_unknown_age_count,
        min(joined_at) as first_seen_at
    from members
    group by household_id
),
value as (
    select
        members.household_id,
        cast(sum(customers.orders_count) as bigint) as orders_count,
        cast(sum(customers.orders_revenue_usd) as decimal(18,2)) as orders_revenue_usd,
        cast(sum(customers.lifetime_value_usd) as decimal(18,2)) as lifetime_value_usd,
        max(customers.last_order_at) as last_order_at,
        max(customers.last_seen_at) as last_seen_at
    from members
    inner join {{ ref('customers') }} as customers on customers.customer_id = members.customer_id
    group by 1
),
final as (
    select
        counted.household_id, counted.members_count, counted.adults_count, counted.children_count,
        counted.members_of_unknown_age_count,
        places.city, places.region, places.postal_code, places.country, counted.first_seen_at,
        coalesce(value.orders_count, 0) as orders_count, coalesce(value.orders_revenue_usd, 0) as orders_revenue_usd,
        coalesce(value.lifetime_value_usd, 0) as lifetime_value_usd, value.last_order_at, value.last_seen_at
    from counted
    left join places on places.household_id = counted.household_id and places.place = 1
    left join value on value.household_id = counted.household_id
)
select * from final
