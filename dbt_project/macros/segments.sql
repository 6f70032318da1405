{#
  What is derived from segments. A segment is a model seg_<who>.sql over public models: customer_id and one boolean
  column per condition; members are the rows where all are true. These macros read that form; they hold no segment's logic.
#}

{# Every segment. dbt must know what a model reads before it runs anything, so the names stand here; segment_nodes checks that none is missing. #}
{% macro segment_names() %}
    {{ return([
        'seg_abandoned_cart',
        'seg_lapsed_high_value',
        'seg_loyal_customers',
        'seg_new_customers',
        'seg_open_severe_ticket'
    ]) }}
{% endmacro %}

{# The segments' nodes in dbt's graph, checked: all mistakes are named at once. #}
{% macro segment_nodes() %}
    {% set nodes, problems = [], [] %}
    {% if execute %}
        {% for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('seg_') %}
            {% do nodes.append(node) %}
            {% if node.name not in cdp.segment_names() %}
                {% do problems.append(node.name ~ ' is not in segment_names(): add it in macros/segments.sql') %}
            {% endif %}
            {% if not node.description %}{% do problems.append(node.name ~ ' has no description: say in its YAML who is in it') %}{% endif %}
            {% if not node.config.meta.owner %}{% do problems.append(node.name ~ ' has no owner: add config.meta.owner in its YAML') %}{% endif %}
            {% for parent in node.depends_on.nodes if graph.nodes[parent] is not defined or graph.nodes[parent].config.access | string not in ['public', 'AccessType.Public'] %}
                {% do problems.append(node.name ~ ' reads ' ~ parent.split('.')[-1] ~ ', which is private: read public models only') %}
            {% endfor %}
        {% endfor %}
        {% if problems %}{% do exceptions.raise_compiler_error(problems | join('; ')) %}{% endif %}
    {% endif %}
    {{ return(nodes | sort(attribute='name')) }}
{% endmacro %}

{# The conditions of one segment: its boolean columns, in their order. #}
{% macro segment_conditions(name) %}
    {% set conditions, others = [], [] %}
    {% if execute %}
        {% for column in adapter.get_columns_in_relation(ref(name)) %}
            {% do (conditions if column.dtype | lower == 'boolean' else others).append(column.name) %}
        {% endfor %}
        {% if flags.WHICH in ['run', 'build'] and (others != ['customer_id'] or not conditions) %}
            {% do exceptions.raise_compiler_error(
                name ~ ' has the columns ' ~ (others + conditions) | join(', ') ~ ': select customer_id and one boolean column per condition, nothing else'
            ) %}
        {% endif %}
    {% endif %}
    {{ return(conditions) }}
{% endmacro %}

{# One row per segment and member: segment, customer_id, reason. #}
{% macro members_of_all_segments() %}
    {%- for name in cdp.segment_names() %}
    {%- set conditions = cdp.segment_conditions(name) %}
    select '{{ name[4:] }}' as segment, customer_id, '{{ conditions | join(", ") }}' as reason
    from {{ ref(name) }}
    where {{ conditions | join(' and ') or 'false' }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#
  One row per segment and customer of the CTE `previous_members` who is still considered but no longer in it: segment,
  customer_id, reason (the conditions that are no longer met).
#}
{% macro conditions_no_longer_met() %}
    {%- for name in cdp.segment_names() %}
    {%- set conditions = cdp.segment_conditions(name) %}
    select
        '{{ name[4:] }}' as segment, considered.customer_id,
        concat_ws(', ', {% for condition in conditions %}case when {{ condition }} then null else 'not {{ condition }}' end{{ ', ' if not loop.last }}{% else %}null{% endfor %}) as reason
    from {{ ref(name) }} as considered
    inner join previous_members on previous_members.customer_id = considered.customer_id and previous_members.segment = '{{ name[4:] }}'
    where not coalesce({{ conditions | join(' and ') or 'false' }}, false)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{# The catalogue as the YAML and the files give it: segment, description, owner, conditions, definition_hash, considered_count. #}
{% macro segment_definitions() %}
    {%- set nodes = {} -%}
    {%- for node in cdp.segment_nodes() %}{% do nodes.update({node.name: node}) %}{% endfor %}
    {%- for name in cdp.segment_names() %}
    {%- set node = nodes.get(name, {'description': '', 'raw_code': '', 'config': {'meta': {'owner': ''}}}) %}
    select
        '{{ name[4:] }}' as segment,
        {{ dbt.string_literal(dbt.escape_single_quotes(node.description | trim)) }} as description,
        {{ dbt.string_literal(dbt.escape_single_quotes(node.config.meta.owner)) }} as owner,
        '{{ cdp.segment_conditions(name) | join(", ") }}' as conditions,
        '{{ local_md5(node.raw_code) }}' as definition_hash,
        count(*) as considered_count
    from {{ ref(name) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
