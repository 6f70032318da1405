-- Lines that a refund names. Money given back without goods is in the order's refunded_amount alone.
with orders as (

    select order_id, source, record_id, currency, refunds from {{ ref('stg_shopify__orders') }}

),

refunds as (

    select order_id, source, record_id, currency, refund from {{ cdp.explode_json('orders', 'refunds', item='refund') }}

),

lines as (

    select
        order_id,
        source,
        record_id,
        currency,
        {{ cdp.json_texts('refund', ['created_at', 'note']) }} as refund,
        {{ cdp.json_texts('item', ['id', 'line_item_id', 'quantity', 'subtotal']) }} as line
    from {{ cdp.explode_json('refunds', 'refund', 'refund_line_items') }}

),

returns as (

    select
        -- ids
        'shopify:' || line[1] as return_id,
        order_id,
        'shopify:' || line[2] as order_line_id,
        source,
        record_id,

        -- text
        currency,
        {{ cdp.cleaned('refund[2]') }} as reason,

        -- numbers
        {{ cdp.try_cast('line[3]', 'bigint') }} as quantity,
        {{ cdp.try_cast('line[4]', 'decimal(18,2)') }} as amount,

        -- times
        {{ cdp.try_cast('refund[1]', 'timestamp') }} as returned_at
    from lines

)

select * from returns
