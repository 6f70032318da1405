with orders as (

    select order_id, source, currency, line_items from {{ ref('stg_shopify__orders') }}

),

lines as (

    select
        order_id,
        source,
        currency,
        position,
        {{ cdp.json_texts('item', ['id', 'sku', 'product_id', 'title', 'quantity', 'price', 'total_discount']) }} as line
    from {{ cdp.explode_json('orders', 'line_items') }}

),

typed as (

    select
        -- ids
        'shopify:' || line[1] as order_line_id,
        order_id,
        source,
        line[2] as sku,
        line[3] as product_id,

        -- text
        {{ cdp.cleaned('line[4]') }} as product_title,
        currency,

        -- numbers
        position as line_number,
        {{ cdp.try_cast('line[5]', 'bigint') }} as quantity,
        {{ cdp.try_cast('line[6]', 'decimal(18,2)') }} as unit_price_amount,
        coalesce({{ cdp.try_cast('line[7]', 'decimal(18,2)') }}, 0) as discount_amount
    from lines

),

order_lines as (

    select *, cast(quantity * unit_price_amount - discount_amount as decimal(18, 2)) as line_amount from typed

)

select * from order_lines
