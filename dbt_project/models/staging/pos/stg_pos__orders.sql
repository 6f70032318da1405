-- One per receipt that sells something; a receipt of returns alone is in stg_pos__returns.
with receipts as (

    select * from {{ ref('stg_pos__receipts') }}

),

orders as (

    select
        -- ids
        receipt_id as order_id,
        source,
        receipt_no as source_order_id,
        max(record_id) as record_id,

        -- text
        'store' as channel,
        case when bool_or(is_return) then 'partially_refunded' else 'paid' end as status,
        max(currency) as currency,

        -- numbers
        cast(sum(quantity * unit_price_amount) filter (where not is_return) as decimal(18, 2)) as subtotal_amount,
        cast(sum(discount_amount) filter (where not is_return) as decimal(18, 2)) as discount_amount,
        cast(null as decimal(18, 2)) as tax_amount,
        cast(sum(quantity * unit_price_amount - discount_amount) filter (where not is_return) as decimal(18, 2)) as total_amount,
        cast(coalesce(sum(-quantity * unit_price_amount - discount_amount) filter (where is_return), 0) as decimal(18, 2)) as refunded_amount,

        -- times
        min(sold_at) as ordered_at,
        max(sold_at) as updated_at
    from receipts
    group by receipt_id, source, receipt_no
    having bool_or(not is_return)

)

select * from orders
