with source as (

    {{ cdp.typed('pos', 'receipts') }}

),

renamed as (

    select
        -- ids
        'pos:' || receipt_no || ':' || line_no as receipt_line_id,
        'pos:' || receipt_no as receipt_id,
        'pos' as source,
        receipt_no,
        'pos:' || member_no as record_id,
        store_code,
        sku,

        -- text
        description as product_title,
        upper(currency) as currency,
        tender,

        -- numbers
        line_no as line_number,
        quantity,
        unit_price as unit_price_amount,
        abs(coalesce(discount, 0)) as discount_amount,

        -- flags
        quantity < 0 as is_return,

        -- times
        sold_at
    from source

)

select * from renamed
