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
    ], derived=['country_std', 'phone_region']) }}

),

countries as (

    select alias, country as country_std from {{ ref('countries') }}

),

located as (

    select conformed.*, countries.country_std
    from conformed
    left join countries on countries.alias = std_text(conformed.country)

),

-- Where a record tells no country, its phone is read in that of its e-mail's domain, else in the one of our markets where it is valid.
markets as (

    select string_agg(country_std, ',' order by country_std) as countries
    from (
        select country_std
        from located
        where country_std is not null
        group by country_std
        qualify count(*) >= 0.02 * sum(count(*)) over ()
        order by count(*) desc, country_std
        limit 8
    )

),

-- Endings sold to the whole world tell no country.
domains as (

    select alias, country_std from countries where alias not in ('io', 'co', 'me', 'tv', 'ai', 'cc', 'ws', 'fm', 'to', 'gg', 'ly')

),

unlocated as (

    select *, case when country_std is null then regexp_extract(lower(trim(email)), '\.([a-z]{2})$', 1) end as email_ending
    from located

),

guessed as (

    select
        unlocated.* exclude (email_ending),
        coalesce(unlocated.country_std, concat_ws(';', domains.country_std, nullif(markets.countries, ''))) as phone_region
    from unlocated
    cross join markets
    left join domains on domains.alias = unlocated.email_ending

)

select * from guessed
