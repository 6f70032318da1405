-- HubSpot lists a pair once per label, so one person and company may come several times.
with contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

members as (

    select
        -- ids
        'hubspot:' || {{ cdp.json_text('item', 'id') }} as account_record_id,
        record_id,
        source,

        -- text
        max(job_title) as role,

        -- times
        min(created_at) as created_at
    from {{ cdp.explode_json('contacts', 'companies') }}
    where {{ cdp.json_text('item', 'id') }} is not null
    group by all

)

select * from members
