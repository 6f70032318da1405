-- Grain: one row per account with anything to count: deals and tickets of the account, what its customers subscribe to and ask.
with account_records as (
    select account_record_id, account_id from {{ ref('int_account_records') }}
),
account_customers as (
    select * from {{ ref('int_account_customers') }}
),
customers_accounts as (
    select identity_map.record_id, account_customers.account_id
    from {{ source('identity', 'identity_map') }} as identity_map
    inner join account_customers on account_customers.customer_id = identity_map.customer_id and account_customers.is_primary
),
tickets as (
    select coalesce(account_records.account_id, customers_accounts.account_id) as account_id, tickets.is_severe, tickets.created_at
    from {{ ref('int_tickets') }} as tickets
    left join account_records on account_records.account_record_id = tickets.account_record_id
    left join customers_accounts on customers_accounts.record_id = tickets.record_id
    where tickets.is_open
),
happenings as (
    select account_id, 'member' as kind, cast(null as decimal(18,2)) as amount_usd, joined_at as happened_at from account_customers
    union all
    select
        account_records.account_id,
        case when deals.is_won then 'deal won' when deals.is_closed then 'deal lost' else 'deal open' end,
        deals.amount_usd, deals.created_at
    from {{ ref('int_deals') }} as deals
    inner join account_records on account_records.account_record_id = deals.account_record_id
    union all
    select
        customers_accounts.account_id, 'subscription',
        cast({{ cdp.monthly_usd('subscriptions.period_usd', 'subscriptions.billing_interval') }} as decimal(18,2)), subscriptions.started_at
    from {{ ref('int_subscriptions') }} as subscriptions
    inner join customers_accounts on customers_accounts.record_id = subscriptions.record_id
    where subscriptions.status in ('active', 'past_due')
    union all
    select account_id, case when is_severe then 'severe ticket' else 'ticket' end, null, created_at from tickets where account_id is not null
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
        count(*) filter (where kind in ('ticket', 'severe ticket')) as open_tickets_count,
        count(*) filter (where kind = 'severe ticket') as open_severe_tickets_count,
        max(happened_at) as last_seen_at
    from happenings
    group by 1
)
select * from final
