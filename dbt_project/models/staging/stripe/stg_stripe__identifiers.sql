with customers as (

    select * from {{ ref('stg_stripe__customers') }}

),

found as (

    select record_id, source, 'customer_id_stripe' as identifier_type, source_record_id as identifier_value, created_at from customers
    union all
    select record_id, source, 'user_id' as identifier_type, user_id as identifier_value, created_at from customers

),

identifiers as (

    select
        -- ids
        record_id,
        source,
        identifier_type,
        identifier_value,

        -- times
        created_at as first_seen_at,
        created_at as last_seen_at,

        -- numbers
        1 as seen_count
    from found
    where identifier_value is not null

)

select * from identifiers
