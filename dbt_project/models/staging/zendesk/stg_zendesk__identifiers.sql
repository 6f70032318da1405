with users as (

    select * from {{ ref('stg_zendesk__users') }}

),

identifiers as (

    select
        -- ids
        record_id,
        source,
        'user_id' as identifier_type,
        user_id as identifier_value,

        -- times
        created_at as first_seen_at,
        updated_at as last_seen_at,

        -- numbers
        1 as seen_count
    from users
    where user_id is not null

)

select * from identifiers
