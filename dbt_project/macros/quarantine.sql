{# What staging could not cast: one row per value, from models named stg_<source>__<table>__rejects. #}
{% macro rejected_values(relations) %}
    {%- if execute -%}
        {%- set listed = relations | map(attribute='identifier') | list -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.endswith('__rejects') and node.name not in listed -%}
            {%- do exceptions.raise_compiler_error(node.name ~ ' is not in quarantine: add its line in models/profiles/quarantine.sql') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for relation in relations %}
    {%- set parts = relation.identifier.split('__') %}
    select
        md5(concat_ws('|', '{{ relation.identifier }}', _file, _line, column_name)) as quarantine_id,
        '{{ parts[0][4:] }}' as source, '{{ parts[1:-1] | join("__") }}' as table_name,
        _file as file, cast(_line as bigint) as line, column_name,
        'not a ' || data_type as reason, value as raw_content, _load_id as load_id
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
