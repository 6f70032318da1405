-- One row per order or receipt; dollars at the reference rate, so that sums over countries mean something.
with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__orders'),
        ref('stg_pos__orders')
    ], derived=['total_usd', 'refunded_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.total_amount', 'rates.usd_rate') }} as total_usd,
        {{ cdp.usd('conformed.refunded_amount', 'rates.usd_rate') }} as refunded_usd
    from conformed
    {{ cdp.join_rates('conformed.currency') }}

)

select * from in_dollars
