-- Grain: one row per touch that a system recorded, events apart. Titles hold no free text. An amount stands once: at the order,
-- the invoice, the opened deal; what happens to them later has none.
{{ config(materialized='view') }}

select
    'order:' || order_id as touch_id, record_id, ordered_at as occurred_at, 'order' as touch_type,
    case when channel = 'store' then 'Receipt ' else 'Order ' end || coalesce(status, 'placed') as title, 'customer' as actor, source, channel, order_id as source_id,
    total_usd as amount_usd, cast(null as varchar) as account_record_id
from {{ ref('int_orders') }}
union all
select
    'return:' || returns.return_id, returns.record_id, returns.returned_at, 'return',
    'Order returned', 'customer', returns.source, orders.channel, returns.return_id,
    -returns.amount_usd, null
from {{ ref('int_returns') }} as returns
left join {{ ref('int_orders') }} as orders on orders.order_id = returns.order_id
union all
select
    'cart:' || cart_id, record_id, coalesce(updated_at, created_at), case when is_abandoned then 'abandoned_cart' else 'cart' end,
    case when is_abandoned then 'Cart abandoned' else 'Cart checked out' end, 'customer', source, 'online', cart_id, total_usd, null
from {{ ref('int_carts') }}
union all
select
    'ticket:' || ticket_id, record_id, created_at, 'ticket',
    'Ticket opened' || coalesce(' (' || priority || ')', ''), 'customer', source, channel, ticket_id, null, account_record_id
from {{ ref('int_tickets') }}
union all
select
    'ticket_solved:' || ticket_id, record_id, solved_at, 'ticket', 'Ticket solved', 'company', source, channel, ticket_id, null, account_record_id
from {{ ref('int_tickets') }}
where solved_at is not null
union all
select
    'message:' || message_event_id, record_id, occurred_at, 'message',
    channel || ' ' || message_event || coalesce(': ' || campaign_name, ''),
    case when message_event in ('sent', 'bounced') then 'company' else 'customer' end, source, channel, message_id, null, null
from {{ ref('int_messages') }}
union all
select
    'activity:' || activity_id, record_id, occurred_at, 'activity', activity_type,
    case when activity_type = 'form' then 'customer' else 'company' end, source, activity_type, activity_id, null, account_record_id
from {{ ref('int_activities') }}
union all
select
    'consent:' || decision_id, record_id, effective_at, 'consent',
    concat_ws(' ', purpose, channel, status), 'customer', source, channel, event_id, null, null
from {{ source('governance', 'consent_decisions') }}
union all
select
    'invoice:' || invoice_id, record_id, created_at, 'invoice', 'Invoice ' || coalesce(status, 'issued'), 'company', source, 'billing', invoice_id, amount_due_usd, null
from {{ ref('int_invoices') }}
union all
select
    'subscription:' || subscription_id, record_id, started_at, 'subscription', 'Subscription started', 'customer', source, 'billing', subscription_id, period_usd, null
from {{ ref('int_subscriptions') }}
union all
select
    'subscription_ended:' || subscription_id, record_id, coalesce(ended_at, canceled_at), 'subscription', 'Subscription ended',
    'customer', source, 'billing', subscription_id, null, null
from {{ ref('int_subscriptions') }}
where coalesce(ended_at, canceled_at) is not null
union all
select
    'invoice_paid:' || invoice_id, record_id, paid_at, 'invoice', 'Invoice paid', 'customer', source, 'billing', invoice_id, null, null
from {{ ref('int_invoices') }}
where paid_at is not null
union all
select
    'deal:' || deal_id, record_id, created_at, 'deal', 'Deal opened', 'company', source, 'sales', deal_id, amount_usd, account_record_id
from {{ ref('int_deals') }}
union all
select
    'deal_closed:' || deal_id, record_id, closed_at, 'deal', case when is_won then 'Deal won' else 'Deal lost' end,
    'customer', source, 'sales', deal_id, null, account_record_id
from {{ ref('int_deals') }}
where is_closed and closed_at is not null
