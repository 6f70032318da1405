-- Fails if the accounts' revenue and that of customers without an account and of nobody are not all the revenue there is, to
-- the cent, or if the accounts' tickets are not those that the timeline gives to an account.
with in_accounts as (
    select coalesce(sum(revenue_usd), 0) as revenue_usd, coalesce(sum(tickets_count), 0) as tickets_count from {{ ref('accounts') }}
),
without_account as (
    select coalesce(sum(lifetime_value_usd), 0) as revenue_usd from {{ ref('customers') }} where account_id is null
),
money as (
    select record_id, coalesce(total_usd, 0) - coalesce(refunded_usd, 0) as usd from {{ ref('int_orders') }} where {{ cdp.is_counted_order() }}
    union all
    select record_id, -coalesce(amount_usd, 0) from {{ ref('int_returns') }} where order_id is null
    union all
    select record_id, coalesce(amount_paid_usd, 0) from {{ ref('int_invoices') }}
),
known as (
    select identity_map.record_id
    from {{ source('identity', 'identity_map') }} as identity_map
    inner join {{ ref('customers') }} as customers on customers.customer_id = identity_map.customer_id
),
in_all as (
    select
        coalesce(sum(money.usd), 0) as revenue_usd,
        coalesce(sum(money.usd) filter (where known.record_id is null), 0) as of_nobody_usd
    from money
    left join known on known.record_id = money.record_id
),
in_timeline as (
    select count(*) as tickets_count
    from {{ ref('customer_timeline') }}
    where account_id is not null and touch_type = 'ticket' and starts_with(touch_id, 'ticket:')
)
select *
from in_accounts, without_account, in_all, in_timeline
where in_accounts.revenue_usd + without_account.revenue_usd + in_all.of_nobody_usd <> in_all.revenue_usd
    or in_accounts.tickets_count <> in_timeline.tickets_count
