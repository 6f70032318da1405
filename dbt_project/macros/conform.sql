{#
  From the sources' staging models to one shape. The shape is the `columns:` of the model that calls conform(), name and
  data_type; nothing else lists them. What the platform derives (*_std, *_usd) is named in `derived` and left to the model.
#}

{# The contract's columns out of each relation, by name and cast; what a relation lacks is null. A complete select. #}
{% macro conform(relations, derived=[]) -%}
    {%- set contract = cdp.contract_of(model, derived) -%}
    {%- set shapes = cdp.shapes_of(relations) -%}
    {%- if not contract or none in shapes -%}
        {{ cdp.conformed_by_name(relations, contract) }}
    {%- else -%}
        {%- for relation in relations %}
        {%- set shape = shapes[loop.index0] %}
        {%- do cdp.check_shape(relation, shape, contract) %}
        select
            {%- for name, type in contract.items() %}
            cast({{ name if name in shape else 'null' }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{% macro contract_of(node, derived) -%}
    {%- set contract = {} -%}
    {%- for name, column in node.columns.items() if name not in derived -%}
        {%- if execute and not column.data_type -%}
            {%- do exceptions.raise_compiler_error(
                'Column ' ~ name ~ ' of ' ~ node.name ~ ' has no data_type. Give it one beside its name.') -%}
        {%- endif -%}
        {%- do contract.update({name: column.data_type}) -%}
    {%- endfor -%}
    {%- do return(contract) -%}
{%- endmacro %}

{# The column names of each relation; none for one that is not built yet, or stands for a unit test's rows. #}
{% macro shapes_of(relations) -%}
    {%- set shapes = [] -%}
    {%- for relation in relations -%}
        {%- set names = [] -%}
        {%- if execute and not relation.is_cte -%}
            {%- for column in adapter.get_columns_in_relation(relation) %}{% do names.append(column.name | lower) %}{% endfor -%}
        {%- endif -%}
        {%- do shapes.append(names or none) -%}
    {%- endfor -%}
    {%- do return(shapes) -%}
{%- endmacro %}

{# The key is the contract's first column: <thing>_id, or record_id for what hangs on a record. #}
{% macro check_shape(relation, names, contract) -%}
    {%- set key = contract.keys() | first -%}
    {%- set shared = contract.keys() | select('in', names) | list -%}
    {%- set remedy = ' Rename its columns in ' ~ relation.identifier ~ '.sql to those of ' ~ model.name
        ~ ' (models/conformed/_conformed__*.yml), or take its line out of ' ~ model.name ~ '.sql.' -%}
    {%- if not shared -%}
        {%- do exceptions.raise_compiler_error(
            relation.identifier ~ ' gives none of the ' ~ (contract | length) ~ ' columns of ' ~ model.name
            ~ '; it has: ' ~ (names | join(', ')) ~ '.' ~ remedy) -%}
    {%- elif key not in names -%}
        {%- do exceptions.raise_compiler_error(
            relation.identifier ~ ' lacks ' ~ key ~ ', the key of ' ~ model.name ~ " (for example 'shopify:' || id)." ~ remedy) -%}
    {%- endif -%}
{%- endmacro %}

{# Without knowing the relations' columns: a typed heading of no rows, then everything by name. #}
{% macro conformed_by_name(relations, contract) -%}
    {%- if contract %}
    select {% for name, type in contract.items() %}cast({{ name }} as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %}
    from (
        select {% for name, type in contract.items() %}cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %}
        where false
        {%- for relation in relations %}
        union all by name select * from {{ relation }}
        {%- endfor %}
    )
    {%- else -%}
    {%- for relation in relations %}
    select * from {{ relation }} {{ 'union all by name' if not loop.last }}
    {%- endfor %}
    {%- endif %}
{%- endmacro %}

{# Which treatment (standardise/kinds.py) a text column of int_records gets; its result is <column>_std. #}
{% macro kinds_of_records() -%}
    {%- do return({
        'full_name': 'full_name', 'given_name': 'name', 'middle_name': 'name', 'family_name': 'name', 'gender': 'gender',
        'email': 'email', 'phone': 'phone', 'street': 'street', 'house_number': 'house_number', 'unit': 'text', 'city': 'city',
        'region': 'text', 'postal_code': 'postal_code', 'national_id': 'national_id', 'company_name': 'company'
    }) -%}
{%- endmacro %}

{# Which column of int_records_unioned says the country: a phone may be read in a guessed one, nothing else may. #}
{% macro country_column(kind) -%}
    {{ 'phone_region' if kind == 'phone' else 'country_std' }}
{%- endmacro %}

{# The country that a treatment depends on, or nothing: one value is then one row of the cache, whatever the country. #}
{% macro region_for(kind, country) -%}
    {{ "coalesce(" ~ country ~ ", '')" if kind in ['phone', 'postal_code'] else "''" }}
{%- endmacro %}

{# The standard form of a column: in SQL if it is clean already, else from its row of the cache (join_cached joins it). #}
{% macro std_of(column, kind, country='null') -%}
    case
        when std_is_clean_{{ kind }}({{ column }}, {{ country }}) then std_clean_{{ kind }}({{ column }}, {{ country }})
        else {{ cdp.cached_as(column, kind) }}.std
    end
{%- endmacro %}

{# The row of the cache for one column. Keys are equalities alone: one condition on the left side makes it a nested loop. #}
{% macro join_cached(column, kind, country='null') -%}
    {%- set name = cdp.cached_as(column, kind) -%}
    left join {{ ref('int_standardised_values') }} as {{ name }}
        on {{ name }}.value_type = '{{ kind }}' and {{ name }}.raw = {{ column }} and {{ name }}.region = {{ cdp.region_for(kind, country) }}
{%- endmacro %}

{% macro cached_as(column, kind) -%}
    {{ column | replace('.', '_') }}_{{ kind }}_cached
{%- endmacro %}

{#
  The rows of a relation with the standard form of a value whose treatment its column `kind` tells: std, and cached_reason
  where the cache says why it is blocked. Beside kind it has region, which a phone depends on. A complete select.
#}
{% macro standardised_by_kind(relation, column, kinds) -%}
    select
        {{ relation }}.*,
        {{ cdp.std_by_kind(kinds, relation ~ '.' ~ column, relation ~ '.region', 'cached.std') }} as std,
        cached.blocked_reason as cached_reason
    from {{ relation }}
    left join (
        select * from {{ ref('int_standardised_values') }} where value_type in ({{ "'" ~ kinds | join("', '") ~ "'" }})
    ) as cached
        on cached.value_type = {{ relation }}.kind
        and cached.region = case when {{ relation }}.kind = 'phone' then coalesce({{ relation }}.region, '') else '' end
        and cached.raw = {{ relation }}.{{ column }}
{%- endmacro %}

{# std_of and its reason where a column `kind` tells the treatment; a value that is not clean takes what the cache has. #}
{% macro std_by_kind(kinds, column, country, cached) -%}
    case
        {%- for kind in kinds %}
        when kind = '{{ kind }}' and std_is_clean_{{ kind }}({{ column }}, {{ country }}) then std_clean_{{ kind }}({{ column }}, {{ country }})
        {%- endfor %}
        else {{ cached }}
    end
{%- endmacro %}

{% macro blocked_by_kind(kinds, column) -%}
    case kind {% for kind in kinds %}when '{{ kind }}' then std_blocked_reason_{{ kind }}({{ column }}, std) {% endfor %}end
{%- endmacro %}
