-- Grain: one row per person record, with the customer it belongs to and the values that may become golden.
-- Contact points and codes are the cleaned ones; names and addresses are as written, where cleaning left anything of them.
-- The gate after identity holds this layer back through a table that nobody within identity reads.
-- depends_on: {{ ref('identity_history') }}
with records as (
    select * from {{ ref('int_records') }}
),
identity_map as (
    select * from {{ source('identity', 'identity_map') }}
),
identified as (
    select
        identity_map.customer_id, records.record_id, records.source, identity_map.first_assigned_at,
        records.created_at, records.updated_at,
        coalesce(records.updated_at, records.created_at) as recorded_at,
        case when records.full_name_std is not null then
            coalesce(records.full_name, concat_ws(' ', records.given_name, records.middle_name, records.family_name))
        end as full_name,
        case when records.given_name_std is not null then records.given_name end as given_name,
        case when records.family_name_std is not null then records.family_name end as family_name,
        records.email_std as email,
        records.phone_std as phone,
        records.birth_date,
        records.gender_std as gender,
        case when records.street_std is not null then records.street end as street,
        case when records.house_number_std is not null then records.house_number end as house_number,
        case when records.city_std is not null then records.city end as city,
        case when records.region_std is not null then records.region end as region,
        case when records.postal_code_std is not null then records.postal_code end as postal_code,
        records.country_std as country,
        case when records.company_name_std is not null then records.company_name end as company_name,
        nullif(trim(records.job_title), '') as job_title
    from records
    inner join identity_map on identity_map.record_id = records.record_id
),
-- A contact point counts as verified when two systems hold it for the same customer.
shared_emails as (
    select customer_id, email from identified where email is not null group by customer_id, email having min(source) <> max(source)
),
shared_phones as (
    select customer_id, phone from identified where phone is not null group by customer_id, phone having min(source) <> max(source)
),
verified as (
    select
        identified.*,
        shared_emails.email is not null as is_email_verified,
        shared_phones.phone is not null as is_phone_verified
    from identified
    left join shared_emails on shared_emails.customer_id = identified.customer_id and shared_emails.email = identified.email
    left join shared_phones on shared_phones.customer_id = identified.customer_id and shared_phones.phone = identified.phone
)
select * from verified
