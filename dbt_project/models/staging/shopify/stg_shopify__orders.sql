with source as (

    {{ cdp.typed('shopify', 'orders') }}

),

renamed as (

    select
        -- ids
        'shopify:' || id as order_id,
        'shopify' as source,
        id as source_order_id,
        'shopify:' || "customer.id" as record_id,

        -- text
        case when source_name = 'pos' then 'store' else 'online' end as channel,
        case when cancelled_at is not null then 'cancelled' else coalesce(financial_status, 'unknown') end as status,
        fulfillment_status,
        upper(currency) as currency,
        email,
        phone,
        {{ cdp.address_line('"billing_address.address1"', '"billing_address.zip"', '"billing_address.country_code"') }} as billing_address,
        {{ cdp.address_line('"shipping_address.address1"', '"shipping_address.zip"', '"shipping_address.country_code"') }} as shipping_address,
        landing_site,
        referring_site,
        line_items,
        refunds,

        -- numbers
        subtotal_price as subtotal_amount,
        total_discounts as discount_amount,
        total_tax as tax_amount,
        total_price as total_amount,
        {{ cdp.json_sum('refunds', '[*].transactions[*].amount') }} as refunded_amount,

        -- times
        coalesce(processed_at, created_at) as ordered_at,
        cancelled_at,
        updated_at
    from source

)

select * from renamed
