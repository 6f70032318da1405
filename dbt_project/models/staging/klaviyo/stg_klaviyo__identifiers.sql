with profiles as (

    select * from {{ ref('stg_klaviyo__profiles') }}

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
    from profiles
    where user_id is not null

)

select * from identifiers
