-- Where orders were sent and billed to: often not, or no longer, the account's own address.
with orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

seen as (

    select order_id, record_id, billing_address as postal_address, ordered_at as seen_at from orders
    union
    select order_id, record_id, shipping_address as postal_address, ordered_at as seen_at from orders

),

addresses as (

    select
        -- ids
        record_id,
        'shopify' as source,
        postal_address,

        -- times
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at,

        -- numbers
        count(*) as seen_count
    from seen
    where record_id is not null and postal_address is not null
    group by record_id, postal_address

)

select * from addresses
