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
  One row per entity, field and record with a value, from the CTE `records`.
  records: <entity>, <record>, source, recorded_at, the columns that units name, and is_<field>_verified for the fields
  in `verifiable`.
#}
{% macro field_candidates(units, entity, record, verifiable=[]) %}
    {%- for unit, fields in units.items() %}
    {%- set expressions = fields.values() | list -%}
    {%- set unit_loop = loop -%}
    {%- for field, expression in fields.items() %}
    select
        {{ entity }}, {{ record }}, source, recorded_at,
        '{{ unit }}' as unit, '{{ field }}' as field,
        cast({{ expression }} as varchar) as value,
        {{ 'lower(concat_ws(chr(31), ' ~ expressions | join(', ') ~ '))' }} as unit_value,
        {# A record that holds less than half of a unit gives way to one that holds more. #}
        {% if expressions | length == 1 %}false{% else -%}
        2 * ({% for each in expressions %}({{ each }} is not null)::integer{{ ' + ' if not loop.last }}{% endfor %}) < {{ expressions | length }}
        {%- endif %} as is_partial,
        {{ 'is_' ~ field ~ '_verified' if field in verifiable else 'false' }} as is_verified
    from records
    where {{ expression }} is not null
    {{ 'union all' if not (loop.last and unit_loop.last) }}
    {%- endfor %}
    {%- endfor %}
{% endmacro %}

{#
  Ranks the CTE `candidates` by the registry: rank 1 is golden. dense_rank, so that all fields of one record in one unit
  share a rank. A source that the registry does not list comes after those that it does.
#}
{% macro ranked_candidates(model, entity, record) %}
    select
        candidates.*, registry.strategy as rule,
        dense_rank() over (
            partition by candidates.{{ entity }}, candidates.unit
            order by
                candidates.is_partial,
                case when registry.strategy = 'verified_first' then not candidates.is_verified end nulls last,
                case when registry.strategy = 'most_frequent' then -candidates.frequency end nulls last,
                case when registry.strategy in ('owning_system', 'verified_first') then systems.system_rank end nulls last,
                candidates.recorded_at desc nulls last,
                candidates.{{ record }}
        ) as rank
    from (
        select *, count(*) over (partition by {{ entity }}, field, unit_value) as frequency from candidates
    ) as candidates
    inner join (
        select distinct field, strategy from {{ ref('int_source_of_truth') }} where model = '{{ model }}'
    ) as registry on registry.field = candidates.field
    left join {{ ref('int_source_of_truth') }} as systems
        on systems.model = '{{ model }}' and systems.field = candidates.field and systems.system = candidates.source
{% endmacro %}

{# Stops the build, naming every mismatch at once between the registry and the columns of the profile models. #}
{% macro check_source_of_truth(registry, models, strategies) %}
    {% if execute %}
        {% set rows = run_query('select model, field, strategy, count(*) from ' ~ registry ~ ' group by all order by all') %}
        {% set problems, seen = [], {} %}
        {% for model, field, strategy, count in rows %}
            {% set name = model ~ '.' ~ field %}
            {% if name in seen or count > 1 %}{% do problems.append(name ~ ' has two rows: keep one') %}{% endif %}
            {% if strategy not in strategies %}
                {% do problems.append(name ~ ' has the unknown strategy ' ~ strategy ~ ': use one of ' ~ strategies | join(', ')) %}
            {% endif %}
            {% do seen.update({name: true}) %}
        {% endfor %}
        {% set columns = {} %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and node.name in models %}
            {% for column in node.columns %}{% do columns.update({node.name ~ '.' ~ column: true}) %}{% endfor %}
        {% endfor %}
        {% for name in columns if name not in seen %}{% do problems.append(name ~ ' has no row: add one, with its winning system and owner') %}{% endfor %}
        {% for name in seen if name not in columns %}{% do problems.append(name ~ ' is not a public field: remove its row or correct its name') %}{% endfor %}
        {% if problems %}
            {% do exceptions.raise_compiler_error('seeds/reference/source_of_truth.csv: ' ~ problems | join('; ')) %}
        {% endif %}
    {% endif %}
{% endmacro %}
