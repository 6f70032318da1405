-- One row per consent decision, its contact point as written. New sources of consent add their line here.
with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__consents'),
        ref('stg_shopify__consents'),
        ref('stg_klaviyo__consents'),
        ref('stg_preferences__consents'),
        ref('stg_segment__consents')
    ], derived=['region']) }}

),

records as (

    select record_id, phone_region from {{ ref('int_records_unioned') }}

),

located as (

    select conformed.*, records.phone_region as region
    from conformed
    left join records on records.record_id = conformed.record_id

)

select * from located
