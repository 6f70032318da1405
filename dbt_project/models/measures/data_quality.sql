-- Grain: one row per day, source and field of person records that the source delivers; the newest run of a day stands for it.
{%- set fields = {
    'full_name': 'full_name_std', 'given_name': 'given_name_std', 'middle_name': 'middle_name_std',
    'family_name': 'family_name_std', 'birth_date': 'birth_date', 'gender': 'gender_std', 'email': 'email_std',
    'phone': 'phone_std', 'street': 'street_std', 'house_number': 'house_number_std', 'unit': 'unit_std',
    'city': 'city_std', 'region': 'region_std', 'postal_code': 'postal_code_std', 'country': 'country_std',
    'national_id': 'national_id_std', 'company_name': 'company_name_std', 'job_title': 'job_title'
} %}
with before as (
    {{ cdp.previous('customers', 'data_quality', {
        'measured_on': 'date', 'source': 'varchar', 'field': 'varchar', 'records_count': 'bigint',
        'completeness': 'double', 'validity': 'double', 'freshness': 'double', 'consistency': 'double',
        'score_pct': 'double', 'formula': 'varchar', 'run_id': 'varchar', 'recorded_at': 'timestamp'
    }) }}
),
records as (
    select * from {{ ref('int_records') }}
),
registry as (
    select field, freshness_days from {{ ref('source_of_truth') }} where model = 'customers'
),
counted as (
    select
        source,
        count(*) as records_count
        {%- for field, std in fields.items() %},
        count({{ field }}) as {{ field }}_filled,
        count(case when {{ field }} is not null then {{ std }} end) as {{ field }}_valid
        {%- endfor %}
    from records
    group by source
),
by_field as (
    {%- for field in fields %}
    select source, '{{ field }}' as field, records_count, {{ field }}_filled as filled_count, {{ field }}_valid as valid_count from counted
    {{- ' union all' if not loop.last }}
    {%- endfor %}
),
candidates as (
    select * from {{ ref('customer_fields') }} where rule is distinct from 'derived'
),
-- how old a value is, and whether it is what the customer's golden value says, where another system knows the field too
held as (
    select
        held.source, held.field,
        case
            when held.recorded_at is not null
                then held.recorded_at >= {{ cdp.as_of() }} - to_days(coalesce(registry.freshness_days, 365))
        end as is_fresh,
        case when golden.is_of_several then lower(held.value) = golden.value end as is_consistent
    from candidates as held
    inner join (
        select customer_id, field, min(source) <> max(source) as is_of_several, lower(max(value) filter (where is_winner)) as value
        from candidates
        group by customer_id, field
    ) as golden on golden.customer_id = held.customer_id and golden.field = held.field
    left join registry on registry.field = held.field
),
known as (
    select
        source, field,
        avg(case when is_fresh then 1 when not is_fresh then 0 end) as freshness,
        avg(case when is_consistent then 1 when not is_consistent then 0 end) as consistency
    from held
    group by source, field
),
measured as (
    select
        by_field.source, by_field.field, by_field.records_count,
        by_field.filled_count / by_field.records_count as completeness,
        by_field.valid_count / by_field.filled_count as validity,
        known.freshness, known.consistency
    from by_field
    left join known on known.source = by_field.source and known.field = by_field.field
    where by_field.filled_count > 0
),
final as (
    select * from before where measured_on <> cast({{ cdp.as_of() }} as date)
    union all
    select
        cast({{ cdp.as_of() }} as date) as measured_on,
        source, field, records_count, completeness, validity, freshness, consistency,
        100 * list_avg([completeness, validity, freshness, consistency]) as score_pct,
        '100 × mean of ' || concat_ws(
            ', ', 'completeness', 'validity',
            case when freshness is not null then 'freshness' end,
            case when consistency is not null then 'consistency' end
        ) as formula,
        {{ cdp.run_id() }} as run_id,
        {{ cdp.run_started_at() }} as recorded_at
    from measured
)
select * from final
