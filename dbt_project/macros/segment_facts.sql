{#
  What happened to customers, as the conditions of segments rest on it: the conformed tables of orders, events and the like, and by
  dbt's graph which of them a condition is computed from, and which raw tables they are made of.
#}

{# The conformed tables of facts, each with the rows that count. What is left out by a rule (bots, our own people) is no fault. #}
{% macro fact_tables() %}
    {{ return({
        'int_activities': 'true', 'int_carts': 'true', 'int_deals': 'true',
        'int_events': 'excluded_by is null and not coalesce(is_bot, false)',
        'int_invoices': 'true', 'int_messages': 'true', 'int_orders': 'true', 'int_returns': 'true', 'int_subscriptions': 'true',
        'int_tickets': 'true'
    }) }}
{% endmacro %}

{# Ids of the nodes above a model in dbt's graph that `wanted` holds, by name; the way up ends there and at `stops`. #}
{% macro above(model, wanted, stops=[]) %}
    {%- set found, seen, waiting = [], {}, [model] -%}
    {%- for _ in range(10000) if waiting -%}
        {%- set name = waiting.pop() -%}
        {%- set node = graph.nodes.get('model.cdp.' ~ name) -%}
        {%- for parent in (node.depends_on.nodes if node else []) if parent not in seen -%}
            {%- do seen.update({parent: true}) -%}
            {%- set parent_name = parent.split('.', 2)[2] -%}
            {%- if parent_name in wanted -%}
                {%- do found.append(parent_name) -%}
            {%- elif parent_name not in stops -%}
                {%- do waiting.append(parent_name) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{# Rows (fact, source, table_name): the raw tables that each table of facts is made of. #}
{% macro sources_of_facts() %}
    {%- set rows, raw = [], [] -%}
    {%- if execute and graph -%}
        {%- for source in graph.sources.values() if source.schema == 'raw' and source.source_name != 'ingestion' -%}
            {%- do raw.append(source.source_name ~ '.' ~ source.name) -%}
        {%- endfor -%}
        {%- for fact in cdp.fact_tables() -%}
            {%- for name in cdp.above(fact, raw, stops=['int_records_unioned', 'int_records']) | unique -%}
                {%- do rows.append("('" ~ fact ~ "', '" ~ name.split('.')[0] ~ "', '" ~ name.split('.')[1] ~ "')") -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ cdp.values_or_none(rows, ['fact', 'source', 'table_name']) }}
{%- endmacro %}

{#
  Rows (segment, condition, fact): the tables of facts that a segment's condition rests on. A condition names columns of customers and
  of customer_traits. Where their rows in the registry name the models that they are computed from, it is these, else the model
  of the trait; and of either what lies above it in dbt's graph.
#}
{% macro facts_of_segments() %}
    {%- set rows, facts, models = [], cdp.fact_tables() | list, {} -%}
    {%- if execute and graph -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('int_traits_') -%}
            {%- for trait in cdp.expressions_of(node, graph.nodes['model.cdp.customer_traits'].columns | reject('equalto', 'customer_id')) -%}
                {%- do models.update({trait: [node.name]}) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- for row in run_query("select field, derived_from from " ~ ref('source_of_truth') ~ " where model in ('customers', 'customer_traits') and derived_from is not null").rows -%}
            {%- do models.update({row[0]: row[1].split(';')}) -%}
        {%- endfor -%}
        {%- set known = {} -%}
        {%- for fact in facts -%}{%- do known.update({fact: [fact]}) -%}{%- endfor -%}
        {%- for name in cdp.segment_names() -%}
            {%- set node = graph.nodes['model.cdp.' ~ name] -%}
            {%- for condition, expression in cdp.expressions_of(node, modules.re.findall('\\bas (\\w+),?\\s*\\n', node.raw_code)).items() -%}
                {%- set rests_on = [] -%}
                {%- for field, computed_from in models.items() if cdp.names_field(expression, field) -%}
                    {%- for model in computed_from -%}
                        {%- if model not in known -%}
                            {%- do known.update({model: cdp.above(model, facts, stops=['customers', 'int_customer_records'])}) -%}
                        {%- endif -%}
                        {%- do rests_on.extend(known[model]) -%}
                    {%- endfor -%}
                {%- endfor -%}
                {%- for fact in rests_on | unique -%}{%- do rows.append("('" ~ name[4:] ~ "', '" ~ condition ~ "', '" ~ fact ~ "')") -%}{%- endfor -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
    {{ cdp.values_or_none(rows, ['segment', 'condition', 'fact']) }}
{%- endmacro %}
