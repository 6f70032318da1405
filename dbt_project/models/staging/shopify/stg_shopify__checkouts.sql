with source as (

    {{ cdp.typed('shopify', 'checkouts') }}

),

renamed as (

    select
        -- ids
        'shopify:' || id as cart_id,
        'shopify' as source,
        'shopify:' || "customer.id" as record_id,

        -- text
        email,
        phone,
        upper(currency) as currency,
        line_items,

        -- numbers
        {{ cdp.json_sum('line_items', '[*].quantity', 'bigint') }} as items_count,
        total_price as total_amount,

        -- flags
        completed_at is null as is_abandoned,

        -- times
        created_at,
        updated_at,
        completed_at
    from source

)

select * from renamed
