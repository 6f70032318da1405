-- One person record per submission: what somebody typed into a form, which may be nobody we know.
with submissions as (

    select * from {{ ref('stg_hubspot__form_submissions') }}

),

fields as (

    select
        record_id,
        lower({{ cdp.json_text('item', 'name') }}) as name,
        {{ cdp.cleaned(cdp.json_text('item', 'value')) }} as value
    from {{ cdp.explode_json('submissions', 'fields') }}

),

answers as (

    select
        record_id,
        max(value) filter (where name = 'email') as email,
        max(value) filter (where name = 'phone') as phone,
        max(value) filter (where name = 'firstname') as given_name,
        max(value) filter (where name = 'lastname') as family_name,
        max(value) filter (where name = 'company') as company_name
    from fields
    group by record_id

),

records as (

    select
        -- ids
        submissions.record_id,
        submissions.source,
        submissions.source_record_id,

        -- person
        answers.given_name,
        answers.family_name,
        answers.company_name,

        -- contact points
        answers.email,
        answers.phone,

        -- times
        submissions.submitted_at as created_at,
        submissions.submitted_at as updated_at
    from submissions
    left join answers on answers.record_id = submissions.record_id

)

select * from records
