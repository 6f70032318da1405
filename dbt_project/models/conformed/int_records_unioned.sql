-- One row per person record in one source, as the source wrote it. New sources of people add their line here; int_records adds
-- the standard forms.
with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__contacts'),
        ref('stg_hubspot__form_fills'),
        ref('stg_shopify__customers'),
        ref('stg_pos__members'),
        ref('stg_stripe__customers'),
        ref('stg_zendesk__users'),
        ref('stg_segment__users'),
        ref('stg_klaviyo__profiles'),
        ref('stg_preferences__subscribers')
    ], derived=['country_std']) }}

),

countries as (

    select alias, country as country_std from {{ ref('countries') }}

),

located as (

    select conformed.*, countries.country_std
    from conformed
    left join countries on countries.alias = std_text(conformed.country)

)

select * from located
