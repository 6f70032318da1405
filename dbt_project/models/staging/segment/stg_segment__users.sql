-- One person per userId: of each trait the newest value that was sent, for later calls often send fewer.
{%- set traits = {
    'email': 'email', 'phone': 'phone', 'given_name': 'firstName', 'family_name': 'lastName', 'full_name': 'name',
    'company_name': 'company', 'job_title': 'title', 'gender': 'gender', 'birthday': 'birthday', 'signed_up': 'createdAt',
    'street_line': 'address.street', 'city': 'address.city', 'region': 'address.state', 'postal_code': 'address.postalCode',
    'country': 'address.country'
} %}
with events as (

    select * from {{ ref('stg_segment__events') }}

),

known as (

    select
        user_id,
        record_id,
        event_type,
        occurred_at,
        event_id,
        case when event_type = 'identify' then traits end as traits
    from events
    where user_id is not null and not is_bot

),

parsed as (

    select
        *,
        {{ cdp.json_texts('traits', traits.values() | list) }} as trait
    from known

),

traits as (

    select
        user_id,
        record_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) filter (where event_type = 'identify') as identified_at,
        {%- for name in traits %}
        {{ cdp.newest_value(cdp.cleaned('trait[' ~ loop.index ~ ']'), 'occurred_at', 'event_id') }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from parsed
    group by user_id, record_id

),

users as (

    select
        -- ids
        record_id,
        'segment' as source,
        user_id as source_record_id,
        user_id,

        -- person
        full_name,
        given_name,
        family_name,
        {{ cdp.try_cast('birthday', 'date') }} as birth_date,
        gender,
        company_name,
        job_title,

        -- contact points
        email,
        phone,
        {{ cdp.street('street_line') }} as street,
        {{ cdp.house_number('street_line') }} as house_number,
        city,
        region,
        postal_code,
        country,

        -- times
        coalesce({{ cdp.try_cast('signed_up', 'timestamp') }}, first_seen_at) as created_at,
        coalesce(identified_at, first_seen_at) as updated_at
    from traits

)

select * from users
