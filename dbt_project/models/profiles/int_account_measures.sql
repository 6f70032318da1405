-- Grain: one row per account with anything to count: deals and tickets of the account, what its customers pay, ask and did.
-- Money and tickets of a customer count for the primary account alone, so that sums over accounts count nothing twice.
with account_records as (
    select account_record_id, account_id from {{ ref('int_account_records') }}
),
account_customers as (
    select * from {{ ref('int_account_customers') }}
),
primary_customers as (
    select customer_id, account_id from account_customers where is_primary
),
customers_accounts as (
    select identity_map.record_id, primary_customers.account_id
    from {{ source('identity', 'identity_map') }} as identity_map
    inner join primary_customers on primary_customers.customer_id = identity_map.customer_id
),
tickets as (
    select
        coalesce(account_records.account_id, customers_accounts.account_id) as account_id,
        tickets.is_open, tickets.is_severe, tickets.created_at
    from {{ ref('int_tickets') }} as tickets
    left join account_records on account_records.account_record_id = tickets.account_record_id
    left join customers_accounts on customers_accounts.record_id = tickets.record_id
),
happenings as (
    select account_id, 'member' as kind, cast(null as decimal(18,2)) as amount_usd, joined_at as happened_at, cast(null as timestamp) as due_at
    from account_customers
    union all
    select
        account_records.account_id,
        case when deals.is_won then 'deal won' when deals.is_closed then 'deal lost' else 'deal open' end,
        deals.amount_usd, deals.created_at, null
    from {{ ref('int_deals') }} as deals
    inner join account_records on account_records.account_record_id = deals.account_record_id
    union all
    select
        customers_accounts.account_id,
        case when subscriptions.status in ('active', 'past_due') then 'subscription' else 'subscription ended' end,
        cast({{ cdp.monthly_usd('subscriptions.period_usd', 'subscriptions.billing_interval') }} as decimal(18,2)),
        case
            when subscriptions.status in ('active', 'past_due') then subscriptions.started_at
            else coalesce(subscriptions.ended_at, subscriptions.canceled_at, subscriptions.started_at)
        end,
        case when subscriptions.billing_interval = 'year' then subscriptions.current_period_end_at end
    from {{ ref('int_subscriptions') }} as subscriptions
    inner join customers_accounts on customers_accounts.record_id = subscriptions.record_id
    where subscriptions.status <> 'trialing'
    union all
    select
        customers_accounts.account_id, 'invoice unpaid', coalesce(invoices.amount_due_usd, 0) - coalesce(invoices.amount_paid_usd, 0),
        invoices.created_at, coalesce(invoices.due_at, invoices.created_at + interval 30 day)
    from {{ ref('int_invoices') }} as invoices
    inner join customers_accounts on customers_accounts.record_id = invoices.record_id
    where invoices.status in ('open', 'uncollectible')
    union all
    select primary_customers.account_id, 'revenue orders', orders.orders_revenue_usd, orders.last_order_at, null
    from {{ ref('int_customer_orders') }} as orders
    inner join primary_customers on primary_customers.customer_id = orders.customer_id
    union all
    select primary_customers.account_id, 'revenue invoices', orders.invoices_revenue_usd, null, null
    from {{ ref('int_customer_orders') }} as orders
    inner join primary_customers on primary_customers.customer_id = orders.customer_id
    union all
    select account_id, case when not is_open then 'ticket solved' when is_severe then 'severe ticket' else 'ticket' end, null, created_at, null
    from tickets
    where account_id is not null
),
final as (
    select
        account_id,
        count(*) filter (where kind = 'member') as members_count,
        count(*) filter (where kind = 'deal open') as open_deals_count,
        coalesce(sum(amount_usd) filter (where kind = 'deal open'), 0) as open_deals_usd,
        count(*) filter (where kind = 'deal won') as won_deals_count,
        coalesce(sum(amount_usd) filter (where kind = 'deal won'), 0) as won_deals_usd,
        coalesce(sum(amount_usd) filter (where kind = 'subscription'), 0) as monthly_recurring_revenue_usd,
        count(*) filter (where kind = 'subscription') as subscriptions_count,
        max(happened_at) filter (where kind = 'subscription ended') as subscription_ended_at,
        min(due_at) filter (where kind = 'subscription') as renewal_at,
        coalesce(sum(amount_usd) filter (where kind = 'invoice unpaid'), 0) as unpaid_usd,
        count(*) filter (where kind = 'invoice unpaid' and due_at < {{ cdp.as_of() }}) as overdue_invoices_count,
        coalesce(sum(amount_usd) filter (where kind = 'revenue orders'), 0) as orders_revenue_usd,
        coalesce(sum(amount_usd) filter (where kind = 'revenue invoices'), 0) as invoices_revenue_usd,
        count(*) filter (where kind in ('ticket', 'severe ticket')) as open_tickets_count,
        count(*) filter (where kind = 'severe ticket') as open_severe_tickets_count,
        count(*) filter (where contains(kind, 'ticket')) as tickets_count,
        count(*) filter (where contains(kind, 'ticket') and happened_at >= {{ cdp.as_of() }} - interval 90 day) as tickets_last_90_days_count,
        count(*) filter (where contains(kind, 'ticket') and happened_at >= {{ cdp.as_of() }} - interval 30 day) as tickets_last_30_days_count,
        max(happened_at) as last_seen_at
    from happenings
    group by 1
)
select * from final
