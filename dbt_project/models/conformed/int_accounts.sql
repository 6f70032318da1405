-- One row per company in one source. Companies are few, so their names are standardised here without the cache.
with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__companies'),
        ref('stg_zendesk__organizations'),
        ref('stg_segment__accounts')
    ], derived=['name_std', 'domain_std', 'country_std']) }}

),

countries as (

    select alias, country as country_std from {{ ref('countries') }}

),

standardised as (

    select
        conformed.*,
        std_company(conformed.name) as name_std,
        std_domain(conformed.domain) as domain_std,
        countries.country_std
    from conformed
    left join countries on countries.alias = std_text(conformed.country)

),

usable as (

    select * replace (case when std_blocked_reason_company(name, name_std) is null then name_std end as name_std) from standardised

)

select * from usable
