-- One row per order or receipt; dollars at the rate of its day, so that sums over countries mean something. A refund
-- is at its order's rate: what was given back in full is nothing.
with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__orders'),
        ref('stg_pos__orders')
    ], derived=['total_usd', 'refunded_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.total_amount') }} as total_usd,
        {{ cdp.usd('conformed.refunded_amount') }} as refunded_usd
    from conformed
    {{ cdp.join_rates('conformed.currency', 'coalesce(conformed.ordered_at, conformed.updated_at)') }}

)

select * from in_dollars
