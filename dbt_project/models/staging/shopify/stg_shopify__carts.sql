-- A checkout under the name that all shops share.
with checkouts as (

    select * from {{ ref('stg_shopify__checkouts') }}

),

carts as (

    select
        -- ids
        cart_id,
        source,
        record_id,

        -- numbers
        items_count,
        total_amount,
        currency,

        -- flags
        is_abandoned,

        -- times
        created_at,
        updated_at,
        completed_at
    from checkouts

)

select * from carts
