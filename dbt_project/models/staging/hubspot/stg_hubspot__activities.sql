-- What sales did with people, and the forms that people sent in.
with engagements as (

    select * from {{ ref('stg_hubspot__engagements') }}

),

submissions as (

    select * from {{ ref('stg_hubspot__form_submissions') }}

),

activities as (

    select
        -- ids
        activity_id,
        source,
        record_id,
        account_record_id,
        deal_id,
        owner_id,

        -- text
        activity_type,
        title,
        body,
        status,

        -- numbers
        duration_seconds,

        -- times
        occurred_at
    from engagements
    union all
    select
        record_id as activity_id,
        source,
        record_id,
        null as account_record_id,
        null as deal_id,
        null as owner_id,
        'form' as activity_type,
        form_name as title,
        null as body,
        'submitted' as status,
        null as duration_seconds,
        submitted_at as occurred_at
    from submissions

)

select * from activities
