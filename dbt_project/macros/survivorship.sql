{#
  How golden values are chosen, for every entity alike. The registry (seeds/reference/source_of_truth.csv) says which
  strategy and which systems; these macros hold the fields' units and turn both into SQL.
  A unit is a set of fields that only make sense together: a golden street never stands beside another record's city.
#}

{# unit: {field: SQL over int_customer_records}. #}
{% macro customer_units() %}
    {{ return({
        'name': {'full_name': 'full_name', 'given_name': 'given_name', 'family_name': 'family_name'},
        'address': {
            'street': 'street', 'house_number': 'house_number', 'city': 'city', 'region': 'region',
            'postal_code': 'postal_code', 'country': 'country'
        },
        'email': {'email': 'email'},
        'phone': {'phone': 'phone'},
        'birth_date': {'birth_date': 'birth_date'},
        'gender': {'gender': 'gender'},
        'company_name': {'company_name': 'company_name'},
        'job_title': {'job_title': 'job_title'}
    }) }}
{% endmacro %}

{# field: the question of consent that it answers. Its candidates are what the sources say (int_consent_words). #}
{% macro customer_permissions() %}
    {{ return({'is_marketing_email_allowed': {'purpose': 'marketing', 'channel': 'email'}}) }}
{% endmacro %}

{# unit: {field: SQL over int_account_records}. #}
{% macro account_units() %}
    {{ return({
        'name': {'name': 'name'},
        'domain': {'domain': 'domain_std'},
        'industry': {'industry': 'industry'},
        'employees_count': {'employees_count': 'employees_count'},
        'annual_revenue_usd': {'annual_revenue_usd': 'annual_revenue_usd'},
        'place': {'country': 'country_std', 'city': 'city'},
        'owner_id': {'owner_id': 'owner_id'},
        'lifecycle_stage': {'lifecycle_stage': 'lifecycle_stage'}
    }) }}
{% endmacro %}

{#
  One row per entity, unit and record with a value in it, from the CTE `records`: the unit's fields and their values, as two lists.
  records: <entity>, <record>, source, recorded_at, the columns that units name, and is_<unit>_verified for the units
  in `verifiable`.
#}
{% macro unit_candidates(units, entity, record, verifiable=[]) %}
    {%- for unit, fields in units.items() %}
    {%- set expressions = fields.values() | list %}
    select
        {{ entity }}, {{ record }}, source, recorded_at,
        '{{ unit }}' as unit,
        ['{{ fields | join("', '") }}'] as fields,
        [{% for each in expressions %}cast({{ each }} as varchar){{ ', ' if not loop.last }}{% endfor %}] as field_values,
        {{ 'lower(concat_ws(chr(31), ' ~ expressions | join(', ') ~ '))' }} as unit_value,
        {# A record that holds less than half of a unit gives way to one that holds more. #}
        {% if expressions | length == 1 %}false{% else -%}
        2 * ({% for each in expressions %}({{ each }} is not null)::integer{{ ' + ' if not loop.last }}{% endfor %}) < {{ expressions | length }}
        {%- endif %} as is_partial,
        {{ 'is_' ~ unit ~ '_verified' if unit in verifiable else 'false' }} as is_verified
    from records
    where {% for each in expressions %}{{ each }} is not null{{ ' or ' if not loop.last }}{% endfor %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#
  Ranks the CTE `candidates` by the registry, and gives a row per field that a candidate has: rank 1 is golden. Ranked are units, whose
  fields share one rule (macros/source_of_truth.sql): all fields of one record in one unit share a rank, and a unit of six fields is
  sorted once. A source that the registry does not list comes after those that it does. lost_because: the first criterion in
  which a loser is behind the winner.
#}
{% macro ranked_candidates(model, units, entity, record) %}
    {%- set kept = ['is_partial', 'unit_value', 'is_verified', 'frequency', 'system_rank', 'recorded_at'] -%}
    with registry as (
        select field, strategy, freshness_days, system, system_rank from {{ ref('int_source_of_truth') }} where model = '{{ model }}'
    ),
    units as (
        select * from (values {% for unit, fields in units.items() %}{% set last = loop.last %}{% for field in fields -%}
            ('{{ unit }}', '{{ field }}'){{ ', ' if not (last and loop.last) }}
        {%- endfor %}{% endfor %}) as listed (unit, field)
    ),
    rules as (
        select units.unit, any_value(registry.strategy) as rule
        from units
        inner join registry on registry.field = units.field
        group by units.unit
    ),
    systems as (
        select units.unit, registry.system, min(registry.system_rank) as system_rank
        from units
        inner join registry on registry.field = units.field
        group by units.unit, registry.system
    ),
    frequencies as (
        select candidates.{{ entity }}, candidates.unit, candidates.unit_value, count(*) as frequency
        from candidates
        inner join rules on rules.unit = candidates.unit
        where rules.rule = 'most_frequent'
        group by all
    ),
    judged as (
        select candidates.*, rules.rule, systems.system_rank, frequencies.frequency
        from candidates
        inner join rules on rules.unit = candidates.unit
        left join systems on systems.unit = candidates.unit and systems.system = candidates.source
        left join frequencies
            on frequencies.{{ entity }} = candidates.{{ entity }}
            and frequencies.unit = candidates.unit and frequencies.unit_value = candidates.unit_value
    ),
    ordered as (
        select
            *,
            {%- for column in kept %}
            first_value({{ column }}) over by_unit as winner_{{ column }},
            {%- endfor %}
            row_number() over by_unit as rank
        from judged
        window by_unit as (
            partition by {{ entity }}, unit
            order by
                is_partial,
                case when rule = 'verified_first' then not is_verified end nulls last,
                -frequency nulls last,
                case when rule = 'longest' then -length(unit_value) end nulls last,
                case when rule in ('owning_system', 'verified_first') then system_rank end nulls last,
                recorded_at desc nulls last,
                {{ record }}
        )
    ),
    explained as (
        select
            * exclude (fields, field_values),
            case
                when rank = 1 then null
                when unit_value = winner_unit_value then 'same value'
                when is_partial and not winner_is_partial then 'holds less than half'
                when rule = 'verified_first' and not is_verified and winner_is_verified then 'not verified'
                when frequency < winner_frequency then 'less frequent'
                when rule = 'longest' and length(unit_value) < length(winner_unit_value) then 'shorter'
                when rule in ('owning_system', 'verified_first') and coalesce(system_rank > winner_system_rank, winner_system_rank is not null)
                    then 'system comes later'
                when coalesce(recorded_at < winner_recorded_at, winner_recorded_at is not null) then 'older'
                else 'equal, later record id'
            end as lost_because,
            datediff('day', recorded_at, {{ cdp.as_of() }}) as age_days,
            unnest(fields) as field,
            unnest(field_values) as value
        from ordered
    )
    select explained.*, explained.age_days > registry.freshness_days as is_stale
    from explained
    inner join (select distinct field, freshness_days from registry) as registry on registry.field = explained.field
    where explained.value is not null
{% endmacro %}

{#
  What the sources say of each permission, from the CTE `words` of int_consent_words, in the columns of customer_fields. Of a record
  each source's strictest word; of these the strictest wins, as in consents, so that one system's yes lifts no other's no.
#}
{% macro permission_candidates(permissions) %}
    {%- for field, question in permissions.items() %}
    select
        customer_id, '{{ field }}' as field, record_id, source, cast(status = 'granted' as varchar) as value,
        row_number() over by_customer as rank,
        case
            when row_number() over by_customer = 1 then null
            when (status = 'granted') = first_value(status = 'granted') over by_customer then 'same value'
            else 'less strict'
        end as lost_because,
        effective_at as recorded_at
    from (
        select *
        from words
        where purpose = '{{ question.purpose }}' and channel = '{{ question.channel }}'
        qualify row_number() over (
            partition by customer_id, record_id, source order by {{ cdp.strictness('status') }} desc, effective_at desc, decision_id
        ) = 1
    )
    window by_customer as (
        partition by customer_id order by {{ cdp.strictness('status') }} desc, effective_at desc, source, record_id
    )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
