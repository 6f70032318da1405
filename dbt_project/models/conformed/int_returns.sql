-- One row per line given back; dollars at the rate of the order that it came from, as int_orders has its refunds.
with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__returns'),
        ref('stg_pos__returns')
    ], derived=['amount_usd']) }}

),

dated as (

    select conformed.*, coalesce(orders.ordered_at, conformed.returned_at) as rated_at
    from conformed
    left join {{ ref('int_orders') }} as orders on orders.order_id = conformed.order_id

),

in_dollars as (

    select dated.* exclude (rated_at), {{ cdp.usd('dated.amount') }} as amount_usd
    from dated
    {{ cdp.join_rates('dated.currency', 'dated.rated_at') }}

)

select * from in_dollars
