with users as (

    select * from {{ ref('stg_zendesk__users') }}

),

members as (

    select
        -- ids
        account_record_id,
        record_id,
        source,

        -- text
        'requester' as role,

        -- times
        created_at
    from users
    where account_record_id is not null

)

select * from members
