-- Grain: one row per metric, source and dimension: what this run made of the records, for all sources and for each.
{%- set fields = {
    'full_name': 'full_name_std', 'given_name': 'given_name_std', 'middle_name': 'middle_name_std',
    'family_name': 'family_name_std', 'birth_date': 'birth_date', 'gender': 'gender_std', 'email': 'email_std',
    'phone': 'phone_std', 'street': 'street_std', 'house_number': 'house_number_std', 'unit': 'unit_std',
    'city': 'city_std', 'region': 'region_std', 'postal_code': 'postal_code_std', 'country': 'country_std',
    'national_id': 'national_id_std', 'employer': 'company_name_std'
} %}
with identity_map as (
    select * from {{ source('identity', 'identity_map') }}
),

customers as (
    select customer_id, count(*) as records_count, count(distinct source) as sources_count
    from identity_map
    where not is_device
    group by customer_id
),

placed as (
    select identity_map.source, identity_map.customer_id, customers.records_count, customers.sources_count
    from identity_map
    inner join customers on customers.customer_id = identity_map.customer_id
    where not identity_map.is_device
),

by_source as (
    select
        coalesce(source, 'all') as source,
        count(*) as records,
        count(distinct customer_id) as customers,
        count(*) - count(distinct customer_id) as duplicate_records,
        count(*) / count(distinct customer_id) as records_per_customer,
        1 - count(distinct customer_id) / count(*) as duplicate_reduction,
        avg(case when sources_count > 1 then 1 else 0 end) as match_rate,
        avg(case when records_count = 1 then 1 else 0 end) as unmatched_share
    from placed
    group by grouping sets ((source), ())
    having count(*) > 0
),

of_sources as (
    {%- for metric, unit in {
        'records': 'records', 'customers': 'customers', 'duplicate_records': 'records', 'records_per_customer': 'records',
        'duplicate_reduction': 'share', 'match_rate': 'share', 'unmatched_share': 'share'
    }.items() %}
    select '{{ metric }}' as metric, source, 'all' as dimension, cast({{ metric }} as double) as value, '{{ unit }}' as unit from by_source
    {{- ' union all' if not loop.last }}
    {%- endfor %}
),

visitors as (
    select
        count(*) filter (where is_device) as devices,
        count(distinct customer_id) - (select count(*) from customers) as visitors
    from identity_map
),

sizes as (
    select
        quantile_disc(records_count, 0.5) as median,
        quantile_disc(records_count, 0.99) as p99,
        max(records_count) as largest
    from customers
    having count(*) > 0
),

bands as (
    select
        case
            when records_count <= 2 then cast(records_count as varchar)
            when records_count <= 5 then '3-5'
            when records_count <= 10 then '6-10'
            when records_count <= 20 then '11-20'
            when records_count <= 50 then '21-50'
            else '51 and more'
        end as band,
        count(*) as customers_count
    from customers
    group by band
),

completeness as (
    select
        coalesce(source, 'all') as source,
        {%- for field, column in fields.items() %}
        count({{ column }}) / count(*) as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_records') }}
    group by grouping sets ((source), ())
    having count(*) > 0
),

final as (
    select * from of_sources
    union all
    select 'devices', 'all', 'all', devices, 'devices' from visitors
    union all
    select 'visitors', 'all', 'all', visitors, 'customers' from visitors
    union all
    select 'customer_size', 'all', 'median', median, 'records' from sizes
    union all
    select 'customer_size', 'all', 'p99', p99, 'records' from sizes
    union all
    select 'customer_size', 'all', 'largest', largest, 'records' from sizes
    union all
    select 'customers_by_size', 'all', band, customers_count, 'customers' from bands
    {%- for field in fields %}
    union all
    select 'completeness', source, '{{ field }}', {{ field }}, 'share' from completeness
    {%- endfor %}
)

select * from final
