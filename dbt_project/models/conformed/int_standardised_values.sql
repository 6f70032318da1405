-- One row per distinct value that SQL alone cannot standardise (std_is_clean tells): the cache of standardise/'s Python functions.
-- It keeps the rows still wanted, computes those it lacks and drops the rest, so that a value erased at its source leaves the cache
-- with the next run. Another std_version() computes all anew, as does --full-refresh.
{%- set cache = adapter.get_relation(this.database, this.schema, this.identifier) if execute and not flags.FULL_REFRESH else none %}

with records as (

    select * from {{ ref('int_records_unioned') }}

),

identifiers as (

    select * from {{ ref('int_identifiers_unioned') }}

),

consents as (

    select * from {{ ref('int_consents_unioned') }}

),

addresses as (

    select * from {{ ref('int_postal_addresses_unioned') }}

),

written as (

    {%- for column, kind in cdp.kinds_of_records().items() %}
    {%- set country = cdp.country_column(kind) %}
    select '{{ kind }}' as value_type, {{ cdp.region_for(kind, country) }} as region, {{ column }} as raw
    from records
    where not std_is_clean_{{ kind }}({{ column }}, {{ country }})
    union all
    {%- endfor %}
    {%- for kind in ['street_house_number', 'street_unit'] %}
    select '{{ kind }}' as value_type, '' as region, street as raw from records where regexp_matches(street, '[0-9]')
    union all
    {%- endfor %}
    {%- for kind in ['email', 'phone'] %}
    select '{{ kind }}' as value_type, {{ cdp.region_for(kind, 'region') }} as region, identifier_value as raw
    from identifiers
    where identifier_type = '{{ kind }}' and not std_is_clean_{{ kind }}(identifier_value, region)
    union all
    select '{{ kind }}' as value_type, {{ cdp.region_for(kind, 'region') }} as region, contact_point as raw
    from consents
    where contact_point_type = '{{ kind }}' and not std_is_clean_{{ kind }}(contact_point, region)
    union all
    {%- endfor %}
    select 'postal_address' as value_type, '' as region, contact_point as raw
    from consents
    where contact_point_type = 'postal_address'
    union all
    select 'postal_address' as value_type, '' as region, postal_address as raw
    from addresses
    union all
    select 'id' as value_type, '' as region, identifier_value as raw
    from identifiers
    where identifier_type not in ('email', 'phone') and not std_is_clean_id(identifier_value)
    union all
    select 'id' as value_type, '' as region, contact_point as raw
    from consents
    where contact_point_type in ('device', 'user_id') and not std_is_clean_id(contact_point)

),

wanted as (

    select distinct value_type, region, raw from written where raw is not null

),

kept as (

    {% if cache -%}
    select cache.value_type, cache.region, cache.raw, cache.std, cache.blocked_reason, cache.version
    from {{ cache }} as cache
    semi join wanted on wanted.value_type = cache.value_type and wanted.region = cache.region and wanted.raw = cache.raw
    where cache.version = std_version()
    {%- else -%}
    select value_type, region, raw, raw as std, raw as blocked_reason, std_version() as version from wanted where false
    {%- endif %}

),

computed as (

    select value_type, region, raw, std_python(value_type, raw, region) as std
    from wanted
    anti join kept on kept.value_type = wanted.value_type and kept.region = wanted.region and kept.raw = wanted.raw

),

judged as (

    select *, std_blocked_reason(value_type, raw, std) as blocked_reason from computed

),

standardised as (

    select * from kept
    union all
    select value_type, region, raw, case when blocked_reason is null then std end, blocked_reason, std_version() from judged

)

select * from standardised
