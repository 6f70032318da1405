-- One row per record or device and identifier as written: every record's e-mail and phone, and what the sources list beside.
-- region is the country that a phone without a code is read in.
with listed as (

    {{ cdp.conform([
        ref('stg_hubspot__identifiers'),
        ref('stg_shopify__identifiers'),
        ref('stg_pos__identifiers'),
        ref('stg_stripe__identifiers'),
        ref('stg_zendesk__identifiers'),
        ref('stg_segment__identifiers'),
        ref('stg_klaviyo__identifiers')
    ], derived=['region']) }}

),

records as (

    select * from {{ ref('int_records_unioned') }}

),

main as (

    select record_id, source, 'email' as identifier_type, email as identifier_value, created_at, updated_at from records
    union all
    select record_id, source, 'phone' as identifier_type, phone as identifier_value, created_at, updated_at from records

),

unioned as (

    select record_id, identifier_type, identifier_value, source, first_seen_at, last_seen_at, seen_count from listed
    union all
    select record_id, identifier_type, identifier_value, source, coalesce(created_at, updated_at), updated_at, 1 from main

),

located as (

    select unioned.*, case when unioned.identifier_type = 'phone' then records.phone_region end as region
    from unioned
    left join records on records.record_id = unioned.record_id
    where unioned.identifier_value is not null

)

select * from located
