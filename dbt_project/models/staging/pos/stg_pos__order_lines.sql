with receipts as (

    select * from {{ ref('stg_pos__receipts') }}

),

order_lines as (

    select
        -- ids
        receipt_line_id as order_line_id,
        receipt_id as order_id,
        source,
        sku,
        sku as product_id,

        -- text
        product_title,
        currency,

        -- numbers
        line_number,
        quantity,
        unit_price_amount,
        discount_amount,
        cast(quantity * unit_price_amount - discount_amount as decimal(18, 2)) as line_amount
    from receipts
    where not is_return

)

select * from order_lines
