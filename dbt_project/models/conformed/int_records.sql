-- One row per person record in one source: what it wrote, and the standard form of each text beside it.
{%- set kinds = cdp.kinds_of_records() %}

with records as (

    select * from {{ ref('int_records_unioned') }}

),

standardised as (

    select
        records.*,
        {%- for column, kind in kinds.items() %}
        {{ cdp.std_of('records.' ~ column, kind, 'records.' ~ cdp.country_column(kind)) }} as {{ column }}_std,
        {{ cdp.cached_as('records.' ~ column, kind) }}.blocked_reason as {{ column }}_cached_reason,
        {%- endfor %}
        {{ cdp.cached_as('records.street', 'street_house_number') }}.std as house_number_in_street,
        {{ cdp.cached_as('records.street', 'street_unit') }}.std as unit_in_street
    from records
    {%- for column, kind in kinds.items() %}
    {{ cdp.join_cached('records.' ~ column, kind, 'records.' ~ cdp.country_column(kind)) }}
    {%- endfor %}
    {{ cdp.join_cached('records.street', 'street_house_number') }}
    {{ cdp.join_cached('records.street', 'street_unit') }}

),

judged as (

    select
        *,
        {%- for column, kind in kinds.items() %}
        coalesce({{ column }}_cached_reason, std_blocked_reason_{{ kind }}({{ column }}, {{ column }}_std)) as {{ column }}_blocked_reason,
        {%- endfor %}
        std_blocked_reason_birth_date(cast(birth_date as varchar), cast(birth_date as varchar)) as birth_date_blocked_reason
    from standardised

),

usable as (

    select
        * replace (
            {%- for column in kinds %}
            case when {{ column }}_blocked_reason is null then {{ column }}_std end as {{ column }}_std,
            {%- endfor %}
            -- a placeholder date (1900-01-01) says no more than a placeholder e-mail
            case when birth_date_blocked_reason is null then birth_date end as birth_date
        )
    from judged

),

parted as (

    select
        *,
        case when given_name_std is null and family_name_std is null then std_name_parts(full_name_std) end as parts
    from usable

),

-- What a source wrote in one field is found where other sources have it: names in a full name, numbers in a street.
completed as (

    select * replace (
        coalesce(full_name_std, nullif(concat_ws(' ', given_name_std, middle_name_std, family_name_std), '')) as full_name_std,
        coalesce(given_name_std, parts.given) as given_name_std,
        coalesce(middle_name_std, nullif(parts.middle, '')) as middle_name_std,
        coalesce(family_name_std, parts.family) as family_name_std,
        coalesce(house_number_std, house_number_in_street) as house_number_std,
        coalesce(unit_std, unit_in_street) as unit_std
    )
    from parted

),

records_standardised as (

    select
        record_id, source, source_record_id, created_at, updated_at,
        full_name, given_name, middle_name, family_name, birth_date, gender, email, phone,
        street, house_number, unit, city, region, postal_code, country, national_id, company_name, job_title,
        full_name_std, given_name_std, middle_name_std, family_name_std, gender_std, email_std, phone_std,
        street_std, house_number_std, unit_std, city_std, region_std, postal_code_std, country_std,
        national_id_std, company_name_std, email_blocked_reason, phone_blocked_reason
    from completed

)

select * from records_standardised
