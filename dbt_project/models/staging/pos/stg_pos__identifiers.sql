with members as (

    select * from {{ ref('stg_pos__members') }}

),

identifiers as (

    select
        -- ids
        record_id,
        source,
        'loyalty_id' as identifier_type,
        source_record_id as identifier_value,

        -- times
        created_at as first_seen_at,
        updated_at as last_seen_at,

        -- numbers
        1 as seen_count
    from members

)

select * from identifiers
