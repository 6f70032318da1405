-- Grain: one row per touch between us and a known customer or a visitor, from every system. Titles hold no free text.
-- Bots' events are left out.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
system_touches as (
    select
        'order:' || order_id as touch_id, record_id, ordered_at as occurred_at, 'order' as touch_type,
        'Order ' || coalesce(status, 'placed') as title, 'customer' as actor, source, channel, order_id as source_id,
        total_usd as amount_usd
    from {{ ref('int_orders') }}
    union all
    select
        'return:' || returns.return_id, returns.record_id, returns.returned_at, 'return',
        'Order returned', 'customer', returns.source, orders.channel, returns.return_id,
        -{{ cdp.usd('returns.amount', 'rates.usd_rate') }}
    from {{ ref('int_returns') }} as returns
    left join {{ ref('int_orders') }} as orders on orders.order_id = returns.order_id
    {{ cdp.join_rates('returns.currency') }}
    union all
    select
        'cart:' || cart_id, record_id, coalesce(updated_at, created_at), case when is_abandoned then 'abandoned_cart' else 'cart' end,
        case when is_abandoned then 'Cart abandoned' else 'Cart checked out' end, 'customer', source, 'online', cart_id, total_usd
    from {{ ref('int_carts') }}
    union all
    select
        'ticket:' || ticket_id, record_id, created_at, 'ticket',
        'Ticket opened' || coalesce(' (' || priority || ')', ''), 'customer', source, channel, ticket_id, null
    from {{ ref('int_tickets') }}
    union all
    select
        'ticket_solved:' || ticket_id, record_id, solved_at, 'ticket', 'Ticket solved', 'company', source, channel, ticket_id, null
    from {{ ref('int_tickets') }}
    where solved_at is not null
    union all
    select
        'message:' || message_event_id, record_id, occurred_at, 'message',
        channel || ' ' || message_event || coalesce(': ' || campaign_name, ''),
        case when message_event in ('sent', 'bounced') then 'company' else 'customer' end, source, channel, message_id, null
    from {{ ref('int_messages') }}
    union all
    select
        'activity:' || activity_id, record_id, occurred_at, 'activity', activity_type,
        case when activity_type = 'form' then 'customer' else 'company' end, source, activity_type, activity_id, null
    from {{ ref('int_activities') }}
    union all
    select
        'consent:' || decision_id, record_id, effective_at, 'consent',
        concat_ws(' ', purpose, channel, status), 'customer', source, channel, event_id, null
    from {{ source('governance', 'consent_decisions') }}
    union all
    select
        'invoice:' || invoice_id, record_id, created_at, 'invoice', 'Invoice ' || coalesce(status, 'issued'), 'company', source, 'billing', invoice_id, amount_due_usd
    from {{ ref('int_invoices') }}
    union all
    select
        'subscription:' || subscription_id, record_id, started_at, 'subscription', 'Subscription started', 'customer', source, 'billing', subscription_id, period_usd
    from {{ ref('int_subscriptions') }}
    union all
    select
        'subscription_ended:' || subscription_id, record_id, coalesce(ended_at, canceled_at), 'subscription', 'Subscription ended', 'customer', source, 'billing', subscription_id, null
    from {{ ref('int_subscriptions') }}
    where coalesce(ended_at, canceled_at) is not null
),
touches as (
    select
        event_id as touch_id, record_id, occurred_at,
        case when event_type in ('page', 'screen') then 'visit' else 'event' end as touch_type,
        coalesce(event_name, event_type) as title, 'customer' as actor, source, 'web' as channel,
        event_id as source_id, cast(null as decimal(18,2)) as amount_usd, known_by, known_at
    from {{ ref('int_customer_events') }}
    union all
    select
        touch_id, record_id, occurred_at, touch_type, title, actor, source, channel, source_id, amount_usd,
        'record', occurred_at
    from system_touches
),
final as (
    select
        identity_map.customer_id, touches.touch_id, touches.occurred_at, touches.touch_type, touches.title, touches.actor,
        touches.channel, touches.source, touches.source_id, touches.record_id, touches.amount_usd,
        touches.known_by, touches.known_at
    from touches
    inner join identity_map on identity_map.record_id = touches.record_id
    where touches.occurred_at is not null
)
select * from final
