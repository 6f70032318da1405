{#
  What reports ask dbt's graph: which fields there are, who reads them, which a segment rests on, and what staging delivers that
  nobody takes.
#}

{# Names of the tables that describe an entity; dbt must know what field_report reads before it knows the graph. #}
{% macro entity_tables() %}
    {{ return(['customers', 'visitors', 'accounts', 'households', 'customer_traits']) }}
{% endmacro %}

{# Rows (model, field, used_by): each field of an entity table with the models and exposures that name it, as SQL. #}
{% macro uses_of_fields() %}
    {%- set rows = [] -%}
    {%- if execute and graph -%}
        {%- set readers = cdp.readers_of_models() -%}
        {%- for model, node in cdp.public_models().items() if model in cdp.entity_tables() -%}
            {%- for field in node.columns -%}
                {%- set users = [] -%}
                {%- for reader in readers.get(node.unique_id, []) if cdp.names_field(reader, field) -%}{%- do users.append(reader.name) -%}{%- endfor -%}
                {%- for exposure in graph.exposures.values() if node.unique_id in exposure.depends_on.nodes
                    and field in (exposure.config.meta.fields or exposure.meta.fields or node.columns) -%}
                    {%- do users.append(exposure.name) -%}
                {%- endfor -%}
                {%- if users -%}{%- do rows.append("('" ~ model ~ "', '" ~ field ~ "', '" ~ users | sort | join(', ') ~ "')") -%}{%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ cdp.values_or_none(rows, ['model', 'field', 'used_by']) }}
{%- endmacro %}

{# Rows (model, field, owner, purpose): columns that staging delivers and that no model takes, as SQL. #}
{% macro untaken_columns() %}
    {%- set rows = [] -%}
    {%- if execute and graph -%}
        {%- set readers, columns = cdp.readers_of_models(), {} -%}
        {%- for table, column in run_query("select table_name, column_name from duckdb_columns() where schema_name = 'staging' and database_name = current_database() order by all") -%}
            {%- do columns.setdefault(table, []).append(column) -%}
        {%- endfor -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == 'staging' and not node.name.endswith('__rejects') -%}
            {%- set source = graph.sources[(node.depends_on.nodes | select('in', graph.sources) | list + [none]) | first] if node.depends_on.nodes | select('in', graph.sources) | list else {} -%}
            {%- set meta = source.config.meta if source else {} -%}
            {%- for column in columns.get(node.name, []) if source and not column.startswith('_') -%}
                {%- set takers = [] -%}
                {%- for reader in readers.get(node.unique_id, []) if column in reader.columns or cdp.names_field(reader, column) -%}{%- do takers.append(reader.name) -%}{%- endfor -%}
                {%- if not takers -%}
                    {%- do rows.append("('" ~ node.name ~ "', '" ~ column ~ "', '" ~ (meta.owner or '') ~ "', '" ~ (meta.purpose or '') | replace("'", "''") ~ "', '" ~ source.source_name ~ "')") -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ cdp.values_or_none(rows, ['model', 'field', 'owner', 'purpose', 'system']) }}
{%- endmacro %}

{# Models that read each node, by its id; what lists rejected values reads no field. #}
{% macro readers_of_models() %}
    {% set readers = {} %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' %}
        {% for parent in node.depends_on.nodes %}{% do readers.setdefault(parent, []).append(node) %}{% endfor %}
    {% endfor %}
    {{ return(readers) }}
{% endmacro %}

{% macro names_field(reader, field) %}
    {{ return(modules.re.search('\\b' ~ field ~ '\\b', reader.raw_code) is not none) }}
{% endmacro %}

{% macro values_or_none(rows, columns) %}
    {%- if rows -%}
    select * from (values {{ rows | join(', ') }}) as listed ({{ columns | join(', ') }})
    {%- else -%}
    select {% for column in columns %}cast(null as varchar) as {{ column }}{{ ', ' if not loop.last }}{% endfor %} where false
    {%- endif -%}
{% endmacro %}

{# Rows (model, field, rows_count, filled_count): every entity table is read once. Without a graph, in a unit test, of no field. #}
{% macro filled_fields() %}
    {%- for table in cdp.entity_tables() %}
    {%- set columns = graph.nodes['model.cdp.' ~ table].columns | list if execute and graph else ['null'] %}
    select
        '{{ table }}' as model, unnest(['{{ columns | join("', '") }}']) as field, count(*) as rows_count,
        unnest([{% for column in columns %}count({{ column }}){{ ', ' if not loop.last }}{% endfor %}]) as filled_count
    from {{ ref(table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#
  Rows (segment, condition, field): the fields of customers chosen among systems that a segment's condition rests on, as SQL:
  those that its expression names, and those that the expression of a trait names which it names.
#}
{% macro fields_of_segments() %}
    {%- set rows, chosen = [], cdp.customer_permissions().keys() | list -%}
    {%- for fields in cdp.customer_units().values() %}{% do chosen.extend(fields) %}{% endfor -%}
    {%- if execute and graph -%}
        {%- set traits = {} -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('int_traits_') -%}
            {%- do traits.update(cdp.expressions_of(node, graph.nodes['model.cdp.customer_traits'].columns | reject('equalto', 'customer_id'))) -%}
        {%- endfor -%}
        {%- for name in cdp.segment_names() -%}
            {%- set node = graph.nodes['model.cdp.' ~ name] -%}
            {%- for condition, expression in cdp.expressions_of(node, modules.re.findall('\\bas (\\w+),?\\s*\\n', node.raw_code)).items() -%}
                {%- set texts = [expression] -%}
                {%- for trait, text in traits.items() if cdp.names_field(expression, trait) -%}{%- do texts.append(text) -%}{%- endfor -%}
                {%- for field in chosen -%}
                    {%- set naming = [] -%}
                    {%- for text in texts if cdp.names_field(text, field) -%}{%- do naming.append(text) -%}{%- endfor -%}
                    {%- if naming -%}{%- do rows.append("('" ~ name[4:] ~ "', '" ~ condition ~ "', '" ~ field ~ "')") -%}{%- endif -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ cdp.values_or_none(rows, ['segment', 'condition', 'field']) }}
{%- endmacro %}

{# What a model's query says of some of its columns: {column: {raw_code: the text from the comma before to `as column`}}. #}
{% macro expressions_of(node, columns) %}
    {%- set found = {} -%}
    {%- for column in columns -%}
        {%- set text = modules.re.search('(?:,|select)\\s*\\n((?:(?!,\\s*\\n|select\\s*\\n)[\\s\\S])*?)\\bas ' ~ column ~ '\\b', node.raw_code) -%}
        {%- if text -%}{%- do found.update({column: {'raw_code': text[1]}}) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
