-- Grain: one row per customer or visitor who ordered, browsed, left a cart or subscribes: how they buy, and what
-- they only looked at. Cancelled orders do not count.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
orders as (
    select
        identity_map.customer_id,
        count(*) as orders_count,
        count(*) filter (where orders.discount_amount > 0) as discounted_count,
        count(*) filter (where orders.channel = 'store') as store_count,
        count(*) filter (where orders.channel = 'online') as online_count
    from {{ ref('int_orders') }} as orders
    inner join identity_map on identity_map.record_id = orders.record_id
    where {{ cdp.is_counted_order() }}
    group by 1
),
interest as (
    select
        customer_id,
        max(occurred_at) filter (where touch_type = 'event') as last_browse_at,
        max(occurred_at) filter (where touch_type = 'abandoned_cart') as last_abandoned_cart_at
    from {{ ref('customer_timeline') }}
    where (touch_type = 'abandoned_cart' or (touch_type = 'event' and title in ({{ cdp.texts(var('browse_events')) }})))
        and occurred_at <= {{ cdp.as_of() }}
    group by 1
),
renewals as (
    select identity_map.customer_id, min(subscriptions.current_period_end_at) as next_renewal_at
    from {{ ref('int_subscriptions') }} as subscriptions
    inner join identity_map on identity_map.record_id = subscriptions.record_id
    where subscriptions.status in ('active', 'trialing', 'past_due') and subscriptions.current_period_end_at >= {{ cdp.as_of() }}
    group by 1
),
everybody as (
    select customer_id from orders
    union
    select customer_id from interest
    union
    select customer_id from renewals
),
final as (
    select
        everybody.customer_id,
        cast(orders.discounted_count as double) / orders.orders_count as discounted_orders_share,
        cast(orders.store_count as double) / orders.orders_count as store_orders_share,
        cast(orders.online_count as double) / orders.orders_count as online_orders_share,
        interest.last_browse_at, interest.last_abandoned_cart_at,
        renewals.next_renewal_at
    from everybody
    left join orders on orders.customer_id = everybody.customer_id
    left join interest on interest.customer_id = everybody.customer_id
    left join renewals on renewals.customer_id = everybody.customer_id
)
select * from final
