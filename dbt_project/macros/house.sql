{# What every layer shares: schemas named after layers, build stamps, the run's clock, the previous generation. #}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}

{# Marks a model as built by this invocation, in the same transaction (warehouse/builds.py reads it). #}
{% macro stamp_build() -%}
    comment on {{ {'view': 'view', 'as_of': 'macro table'}.get(model.config.materialized, 'table') }} {{ this }} is 'build {{ invocation_id }}'
{%- endmacro %}

{# The moment that this run speaks of; models never ask the wall clock. #}
{% macro as_of() -%}
    (select as_of from meta.run)
{%- endmacro %}

{% macro run_id() -%}
    (select run_id from meta.run)
{%- endmacro %}

{% macro run_started_at() -%}
    (select started_at from meta.run)
{%- endmacro %}

{#
  A table of the previous generation, or no rows of the same shape where it has none.
  part: 'customers' (masked), 'restricted' or 'activation'. columns: {name: type}; a column that an older generation
  lacks is null.
#}
{% macro previous(part, table, columns) -%}
    {%- set database = 'previous' if part == 'customers' else 'previous_' ~ part -%}
    {%- set known = [] -%}
    {%- if execute -%}
        {%- set found = run_query(
            "select column_name from duckdb_columns() where database_name = '" ~ database ~ "' and table_name = '" ~ table ~ "'"
        ) -%}
        {%- for row in found.rows %}{% do known.append(row[0]) %}{% endfor -%}
    {%- endif -%}
    select
        {%- for name, type in columns.items() %}
        {{ 'cast(' ~ name ~ ' as ' ~ type ~ ')' if name in known else 'cast(null as ' ~ type ~ ')' }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    {%- if known %}
    from {{ database }}.main.{{ table }}
    {%- else %}
    where false
    {%- endif %}
{%- endmacro %}
