{#
  What is derived from segments. A segment is a model seg_<who>.sql over public models: customer_id and one boolean
  column per condition; members are the rows where all are true. These macros read that form; they hold no segment's logic.
  Every segment is read once, into int_segment_conditions, where its column holds the conditions that a customer fails:
  bit 0 for the first condition, and so on; 0 is a member, null is not considered.
#}

{# Every segment. dbt must know what a model reads before it runs anything, so the names stand here; segment_nodes checks that none is missing. #}
{% macro segment_names() %}
    {{ return([
        'seg_abandoned_cart',
        'seg_active_customers',
        'seg_at_risk_customers',
        'seg_big_spenders',
        'seg_browsed_not_bought',
        'seg_discount_only',
        'seg_expansion_ready',
        'seg_in_store_only',
        'seg_lapsed_customers',
        'seg_lapsed_high_value',
        'seg_loyal_customers',
        'seg_new_customers',
        'seg_newsletter_engaged',
        'seg_onboarding_stalled',
        'seg_open_severe_ticket',
        'seg_product_drop_off',
        'seg_renewal_at_risk',
        'seg_unreachable',
        'seg_win_back_candidates'
    ]) }}
{% endmacro %}

{# The names without seg_: the columns of int_segment_conditions. #}
{% macro segment_columns() %}
    {% set columns = [] %}
    {% for name in cdp.segment_names() %}{% do columns.append(name[4:]) %}{% endfor %}
    {{ return(columns) }}
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
            {% for purpose in node.config.meta.suppresses or [] if purpose not in var('message_purposes') %}
                {% do problems.append(node.name ~ ' suppresses ' ~ purpose ~ ', which is none of ' ~ var('message_purposes') | join(', ') ~ ': mend its YAML, or add the purpose to dbt_project.yml') %}
            {% endfor %}
            {% for parent in node.depends_on.nodes if graph.nodes[parent] is not defined or graph.nodes[parent].config.access | string not in ['public', 'AccessType.Public'] %}
                {% do problems.append(node.name ~ ' reads ' ~ parent.split('.')[-1] ~ ', which is private: read public models only') %}
            {% endfor %}
        {% endfor %}
        {% do problems.extend(cdp.misshapen_segments()) %}
        {% if problems %}{% do exceptions.raise_compiler_error(problems | join('; ')) %}{% endif %}
    {% endif %}
    {{ return(nodes | sort(attribute='name')) }}
{% endmacro %}

{# What is wrong with the text of a segment, by segmentation/form.py, which `cdp segment preview` asks too. #}
{% macro misshapen_segments() %}
    {% set problems = [] %}
    {% if flags.WHICH in ['run', 'build'] %}
        {% set found = run_query(
            "select view_name, segment_problem(view_name, sql) from duckdb_views() where view_name in ("
            ~ cdp.texts(cdp.segment_names()) ~ ") and schema_name = '" ~ model.schema ~ "' order by view_name"
        ) %}
        {% for row in found.rows if row[1] %}{% do problems.append(row[1]) %}{% endfor %}
    {% endif %}
    {{ return(problems) }}
{% endmacro %}

{# The conditions of one segment: its boolean columns, in their order. #}
{% macro segment_conditions(name) %}
    {% set conditions, others, relation = [], [], ref(name) %}
    {% if execute %}
        {% for column in adapter.get_columns_in_relation(relation) %}
            {% do (conditions if column.dtype | lower == 'boolean' else others).append(column.name) %}
        {% endfor %}
        {% if flags.WHICH in ['run', 'build'] and (others != ['customer_id'] or not conditions or conditions | length > 16) %}
            {% do exceptions.raise_compiler_error(
                name ~ ' has the columns ' ~ (others + conditions) | join(', ')
                ~ ': select customer_id and one boolean column per condition, sixteen at most, and nothing else'
            ) %}
        {% endif %}
    {% endif %}
    {{ return(conditions) }}
{% endmacro %}

{# The catalogue as the YAML and the files give it: segment, description, owner, suppresses, conditions, condition_descriptions, definition_hash. #}
{% macro segment_definitions() %}
    {%- set nodes = {} -%}
    {%- for node in cdp.segment_nodes() %}{% do nodes.update({node.name: node}) %}{% endfor %}
    {%- for name in cdp.segment_names() %}
    {%- set node = nodes.get(name, {'description': '', 'raw_code': '', 'columns': {}, 'config': {'meta': {'owner': ''}}}) %}
    {%- set conditions = cdp.segment_conditions(name) %}
    {%- set descriptions = [] %}
    {%- for condition in conditions %}{% do descriptions.append((node.columns.get(condition) or {}).get('description') or '') %}{% endfor %}
    select
        '{{ name[4:] }}' as segment,
        {{ dbt.string_literal(dbt.escape_single_quotes(node.description | trim)) }} as description,
        {{ dbt.string_literal(dbt.escape_single_quotes(node.config.meta.owner)) }} as owner,
        '{{ (node.config.meta.suppresses or []) | join(", ") }}' as suppresses,
        cast([{% for each in conditions %}'{{ each }}'{{ ', ' if not loop.last }}{% endfor %}] as varchar[]) as conditions,
        cast([{% for each in descriptions %}{{ dbt.string_literal(dbt.escape_single_quotes(each)) }}{{ ', ' if not loop.last }}{% endfor %}] as varchar[]) as condition_descriptions,
        cast({{ dbt.string_literal(node.config.meta.written_at) if node.config.meta.written_at else 'null' }} as timestamp) as written_at,
        '{{ local_md5(node.raw_code) }}' as definition_hash
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#
  One row per known customer and a column per segment: which conditions the customer fails. A segment that gives a customer
  twice, or one that nobody knows, stops the build here, by its name.
#}
{% macro failed_conditions() %}
    with customers as (
        select customer_id from {{ ref('customers') }}
    ),
    {%- for name in cdp.segment_names() %}
    {{ name }} as (
        select
            customer_id,
            cast({% for condition in cdp.segment_conditions(name) %}case when {{ condition }} then 0 else {{ 2 ** loop.index0 }} end{{ ' + ' if not loop.last }}{% else %}0{% endfor %} as usmallint) as failed
        from {{ ref(name) }}
    ),
    {%- endfor %}
    joined as (
        select
            customers.customer_id
            {%- for name in cdp.segment_names() %},
            {{ name }}.failed as {{ name[4:] }}
            {%- endfor %}
        from customers
        {%- for name in cdp.segment_names() %}
        left join {{ name }} on {{ name }}.customer_id = customers.customer_id
        {%- endfor %}
    ),
    found as (
        {%- for name in cdp.segment_names() %}
        select
            '{{ name }}' as segment, count(*) as rows_count, count(customer_id) as named_count, count(distinct customer_id) as customers_count,
            (select count({{ name[4:] }}) from joined) as joined_count
        from {{ name }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ),
    problems as (
        select string_agg(
            case
                when rows_count > named_count then segment || ' gives rows without a customer_id: join from customers'
                when named_count > customers_count then segment || ' gives the same customer more than once: group by customer_id'
                else segment || ' gives a customer_id that is not in customers: join from customers'
            end, '; ' order by segment
        ) as problems
        from found
        where not (rows_count = named_count and named_count = customers_count and customers_count = joined_count)
    ),
    checked as (
        select case when problems is not null then error(problems) end as problem from problems
    )
    select joined.*
    from joined
    inner join checked on checked.problem is null
{% endmacro %}

{# The CTE `conditions` (int_segment_conditions, now or before) long: one row per segment and customer considered, with failed. #}
{% macro long_conditions(conditions='conditions') %}
    {%- for segment in cdp.segment_columns() %}
    select '{{ segment }}' as segment, customer_id, {{ segment }} as failed from {{ conditions }} where {{ segment }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{# One row per segment and member, from the CTE `conditions`. #}
{% macro members_of_all_segments(conditions='conditions') %}
    {%- for segment in cdp.segment_columns() %}
    select '{{ segment }}' as segment, customer_id from {{ conditions }} where {{ segment }} = 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{# True where the condition at `place` (from 1) is among those that `failed` holds. #}
{% macro fails(failed, place) -%}
    ({{ failed }} // cast(pow(2, {{ place }} - 1) as bigint)) % 2 = 1
{%- endmacro %}

{# One row per segment and set of conditions failed: customers_count. Everything that is counted of a segment comes from it. #}
{% macro failure_patterns(conditions='conditions') %}
    {%- for segment in cdp.segment_columns() %}
    select '{{ segment }}' as segment, cast({{ segment }} as bigint) as failed, count(*) as customers_count
    from {{ conditions }}
    where {{ segment }} is not null
    group by 2
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}

{#
  Whom a message of this purpose may go to now, of one segment and by one channel: its members without those who are in a
  segment that suppresses the purpose, and without those whom the channel may not reach. One row per customer_id.
#}
{% macro sendable_members(segment, channel, purpose='promotion') %}
    select members.customer_id
    from {{ ref('segment_members') }} as members
    inner join {{ ref('customer_traits') }} as traits on traits.customer_id = members.customer_id
    where members.segment = '{{ segment }}' and traits.is_reachable_by_{{ channel }}
        and members.customer_id not in ({{ cdp.suppressed_customers(purpose) }})
{% endmacro %}

{# Customers in any segment that suppresses messages of this purpose. #}
{% macro suppressed_customers(purpose, members=none, segments=none) -%}
    select suppressing.customer_id
    from {{ members or ref('segment_members') }} as suppressing
    inner join {{ segments or ref('segments') }} as named on named.segment = suppressing.segment
    where list_contains(string_split(named.suppresses, ', '), '{{ purpose }}')
{%- endmacro %}
