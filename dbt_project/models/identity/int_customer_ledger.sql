-- Grain: one row per order and per refund, with the customer that it is of. What an order or a customer came to by any
-- moment is the sum of the rows until then, so that no trait of a past moment can see a later one.
-- An order's refunds are dated by the last of its returns, or by its last change where no goods came back.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),

orders as (
    select *, {{ cdp.is_counted_order() }} as is_counted from {{ ref('int_orders') }}
),

returns as (
    select * from {{ ref('int_returns') }}
),

last_returns as (
    select order_id, max(returned_at) as returned_at from returns where order_id is not null group by order_id
),

happenings as (
    select
        order_id as entry_id,
        'order' as kind,
        order_id,
        record_id,
        source,
        channel,
        coalesce(ordered_at, updated_at) as occurred_at,
        case when not is_counted then coalesce(cancelled_at, updated_at, ordered_at) end as cancelled_at,
        coalesce(total_usd, 0) as amount_usd
    from orders
    union all
    select
        'refund:' || orders.order_id,
        'refund',
        orders.order_id,
        orders.record_id,
        orders.source,
        orders.channel,
        greatest(coalesce(last_returns.returned_at, orders.updated_at, orders.ordered_at), orders.ordered_at),
        case when not orders.is_counted then coalesce(orders.cancelled_at, orders.updated_at, orders.ordered_at) end,
        -orders.refunded_usd
    from orders
    left join last_returns on last_returns.order_id = orders.order_id
    where orders.refunded_usd <> 0
    union all
    select
        'return:' || returns.return_id,
        'refund',
        null,
        returns.record_id,
        returns.source,
        null,
        returns.returned_at,
        null,
        -coalesce(returns.amount_usd, 0)
    from returns
    where returns.order_id is null
),

final as (
    select
        happenings.entry_id,
        identity_map.customer_id,
        happenings.kind,
        happenings.order_id,
        happenings.source,
        happenings.channel,
        happenings.occurred_at,
        happenings.cancelled_at,
        cast(happenings.amount_usd as decimal(18, 2)) as amount_usd
    from happenings
    inner join identity_map on identity_map.record_id = happenings.record_id
    where happenings.occurred_at is not null
)

select * from final
