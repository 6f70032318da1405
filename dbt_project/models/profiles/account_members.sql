-- Grain: one row per account, customer and time there: who belongs to a company now, as what, and who did.
with account_map as (
    select account_id from {{ source('identity', 'account_map') }}
),
account_customers as (
    select * from {{ ref('int_account_customers') }}
),
activity as (
    select * from {{ ref('int_customer_activity') }}
),
current_members as (
    select account_id, customer_id, role, since_at from account_customers
),
periods as (
    {{ cdp.membership_periods('account_members', 'account_id', 'account_map') }}
),
final as (
    select
        periods.account_id, periods.customer_id, periods.role, account_customers.buying_role, account_customers.linked_by,
        periods.joined_at, periods.left_at,
        periods.left_at is null as is_current,
        periods.left_at is null and coalesce(account_customers.is_primary, false) as is_primary,
        activity.last_seen_at as engaged_at,
        periods.left_at is null and coalesce(activity.last_seen_at >= {{ cdp.as_of() }} - interval 30 day, false) as is_engaged,
        case when periods.left_at is null then coalesce(activity.events_last_30_days_count, 0) else 0 end as events_last_30_days_count
    from periods
    -- within the key: of a condition on one side alone the engine makes a comparison of every pair
    left join account_customers
        on account_customers.account_id = case when periods.left_at is null then periods.account_id end
        and account_customers.customer_id = periods.customer_id
    left join activity on activity.customer_id = periods.customer_id
)
select * from final
