-- The till does not print which receipt the goods came from; order_id is the receipt of the return where that sold something too.
with receipts as (

    select * from {{ ref('stg_pos__receipts') }}

),

orders as (

    select order_id from {{ ref('stg_pos__orders') }}

),

returns as (

    select
        -- ids
        receipts.receipt_line_id as return_id,
        orders.order_id,
        cast(null as varchar) as order_line_id,
        receipts.source,
        receipts.record_id,

        -- text
        receipts.currency,
        cast(null as varchar) as reason,

        -- numbers
        -receipts.quantity as quantity,
        cast(-receipts.quantity * receipts.unit_price_amount - receipts.discount_amount as decimal(18, 2)) as amount,

        -- times
        receipts.sold_at as returned_at
    from receipts
    left join orders on orders.order_id = receipts.receipt_id
    where receipts.is_return

)

select * from returns
