-- What customers typed at checkout, and the phone at their address: they often differ from the account's own.
with customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

checkouts as (

    select * from {{ ref('stg_shopify__checkouts') }}

),

seen as (

    select record_id, 'phone' as identifier_type, address_phone as identifier_value, updated_at as seen_at from customers
    union all
    select record_id, 'email' as identifier_type, email as identifier_value, ordered_at as seen_at from orders
    union all
    select record_id, 'phone' as identifier_type, phone as identifier_value, ordered_at as seen_at from orders
    union all
    select record_id, 'email' as identifier_type, email as identifier_value, created_at as seen_at from checkouts
    union all
    select record_id, 'phone' as identifier_type, phone as identifier_value, created_at as seen_at from checkouts

),

identifiers as (

    select
        -- ids
        record_id,
        'shopify' as source,
        identifier_type,
        identifier_value,

        -- times
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at,

        -- numbers
        count(*) as seen_count
    from seen
    where record_id is not null and identifier_value is not null
    group by record_id, identifier_type, identifier_value

)

select * from identifiers
