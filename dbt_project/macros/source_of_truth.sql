{#
  The checks of the registry (seeds/reference/source_of_truth.csv) against dbt's graph. Every problem is collected and all
  are named at once, before any profile is built.
#}

{# Public models as dbt's graph has them, by name. #}
{% macro public_models() %}
    {% set found = {} %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.config.access | string in ['public', 'AccessType.Public'] %}
        {% do found.update({node.name: node}) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{# A table that says what is true of one person, company or household today: each field has a row of its own in the registry. #}
{% macro describes_an_entity(node) %}
    {{ return(node.schema == 'profiles' and node.config.meta.key in [['customer_id'], ['account_id'], ['household_id']]) }}
{% endmacro %}

{# Stops the build, naming every mismatch between the registry, the public fields and the strategies that models apply. #}
{% macro check_source_of_truth(registry, units, strategies) %}
    {% if execute and graph %}
        {% set table = run_query('select * from ' ~ registry ~ ' order by all') %}
        {% set rows = [] %}
        {% for row in table.rows %}{% do rows.append(dict(zip(table.column_names, row))) %}{% endfor %}
        {% set problems = cdp.problems_of_rows(rows, strategies) + cdp.problems_of_fields(rows) + cdp.problems_of_units(rows, units) + cdp.problems_of_permissions(rows)
            + cdp.problems_of_derivations(rows) %}
        {% if problems %}
            {% do exceptions.raise_compiler_error('seeds/reference/source_of_truth.csv: ' ~ problems | join('; ')) %}
        {% endif %}
    {% endif %}
{% endmacro %}

{# Two winners, an unknown strategy or system, nobody who answers. #}
{% macro problems_of_rows(rows, strategies) %}
    {% set problems, seen, sources = [], {}, ['platform', 'identity'] %}
    {% for source in graph.sources.values() %}{% do sources.append(source.source_name) %}{% endfor %}
    {% for row in rows %}
        {% set name = row.model ~ '.' ~ row.field %}
        {% set winners = (row.winning_system or '').split(';') %}
        {% set systems = winners + (row.fallback_order.split(';') if row.fallback_order else []) %}
        {% if name in seen %}{% do problems.append(name ~ ' has two rows: keep one, with the system that wins') %}{% endif %}
        {% do seen.update({name: true}) %}
        {% if winners | length > 1 or systems | length != systems | unique | list | length %}
            {% do problems.append(name ~ ' has two winners (' ~ systems | join(', ') ~ '): name one as winning_system and each other once in fallback_order') %}
        {% endif %}
        {% for system in systems | unique if system not in sources %}
            {% do problems.append(name ~ ' names the unknown system ' ~ (system or '(none)') ~ ': use a source of models/staging, platform or identity') %}
        {% endfor %}
        {% if row.strategy not in strategies %}
            {% do problems.append(name ~ ' has the unknown strategy ' ~ (row.strategy or '(none)') ~ ': use one of ' ~ strategies | join(', ')) %}
        {% endif %}
        {% for column in ['owner', 'purpose', 'freshness_days'] if not row[column] %}
            {% do problems.append(name ~ ' has no ' ~ column ~ ': write who answers for it, what for, and after how many days it is stale') %}
        {% endfor %}
    {% endfor %}
    {{ return(problems) }}
{% endmacro %}

{# Public fields without a row, and rows without a public field. #}
{% macro problems_of_fields(rows) %}
    {% set problems, listed, public = [], {}, cdp.public_models() %}
    {% for row in rows %}{% do listed.update({row.model ~ '.' ~ row.field: true}) %}{% endfor %}
    {% for model, node in public.items() %}
        {% set whole = model ~ '.*' in listed %}
        {% if whole and cdp.describes_an_entity(node) %}
            {% do problems.append(model ~ '.* speaks for a whole table that describes persons, companies or households: write a row for each field') %}
        {% elif not whole %}
            {% for column in node.columns if model ~ '.' ~ column not in listed %}
                {% do problems.append(model ~ '.' ~ column ~ ' has no row: add one, with its winning system and owner'
                    ~ ('' if cdp.describes_an_entity(node) else ', or one with the field * for the whole table')) %}
            {% endfor %}
        {% endif %}
    {% endfor %}
    {% for row in rows if row.model not in public or row.field not in ['*'] + (public[row.model].columns | list) %}
        {% do problems.append(row.model ~ '.' ~ row.field ~ ' is not a public field: remove its row or correct its name') %}
    {% endfor %}
    {{ return(problems) }}
{% endmacro %}

{# A strategy that nothing applies, and fields of one unit that would not come from one record. #}
{% macro problems_of_units(rows, units) %}
    {% set problems, chosen = [], {} %}
    {% for row in rows %}{% do chosen.update({row.model ~ '.' ~ row.field: row}) %}{% endfor %}
    {% set ranked = {} %}
    {% for model, by_unit in units.items() %}
        {% for unit, fields in by_unit.items() %}
            {% set ways = {} %}
            {% for field in fields %}
                {% set row = chosen.get(model ~ '.' ~ field, {}) %}
                {% do ranked.update({model ~ '.' ~ field: true}) %}
                {% if row %}{% do ways.update({[row.strategy, row.winning_system, row.fallback_order] | string: field}) %}{% endif %}
                {% if row.strategy in ['derived', 'strictest'] %}
                    {% do problems.append(model ~ '.' ~ field ~ ' is chosen among records, and ' ~ row.strategy ~ ' chooses none: use owning_system, most_recent, most_frequent, verified_first or longest') %}
                {% endif %}
            {% endfor %}
            {% if ways | length > 1 %}
                {% do problems.append(model ~ ': ' ~ fields | join(', ') ~ ' are taken from one record together: give them one strategy and one order of systems') %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% for name, row in chosen.items() if name not in ranked and row.strategy not in ['derived', 'strictest'] %}
        {% do problems.append(name ~ ' is not chosen among records, so ' ~ row.strategy ~ ' would not be applied: use derived, or strictest for a permission') %}
    {% endfor %}
    {{ return(problems) }}
{% endmacro %}

{# strictest is for permissions alone: what the consent ledger says. A permission of customers answers one of its questions. #}
{% macro problems_of_permissions(rows) %}
    {% set problems, public, permissions = [], cdp.public_models(), cdp.customer_permissions() %}
    {% for row in rows if row.model in public %}
        {% set name, column = row.model ~ '.' ~ row.field, public[row.model].columns.get(row.field, {}) %}
        {% if row.strategy == 'strictest' and column and column.data_type | lower != 'boolean' %}
            {% do problems.append(name ~ ' is no permission, and strictest means that deny wins: use it for a boolean alone') %}
        {% elif row.model == 'customers' and (row.strategy == 'strictest') != (row.field in permissions) %}
            {% do problems.append(name ~ (' is a permission that answers no question: give it its purpose and channel in customer_permissions (macros/survivorship.sql)'
                if row.strategy == 'strictest' else ' is a permission, and ' ~ row.strategy ~ ' would let one yes lift another no: use strictest')) %}
        {% endif %}
    {% endfor %}
    {{ return(problems) }}
{% endmacro %}

{# A derived field of customers that does not say how it is computed or from which models, and a field of records that does. #}
{% macro problems_of_derivations(rows) %}
    {% set problems, models = [], [] %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' %}{% do models.append(node.name) %}{% endfor %}
    {% for row in rows %}
        {% set name = row.model ~ '.' ~ row.field %}
        {% set from = row.derived_from.split(';') if row.derived_from else [] %}
        {% if row.strategy != 'derived' and (row.derivation or from) %}
            {% do problems.append(name ~ ' is not derived: leave derivation and derived_from empty') %}
        {% elif row.strategy == 'derived' and row.model == 'customers' and row.field != 'customer_id' and not (row.derivation and from) %}
            {% do problems.append(name ~ ' does not say how it is derived: write it in derivation, and the models that it is computed from in derived_from') %}
        {% endif %}
        {% for model in from if model not in models %}
            {% do problems.append(name ~ ' is derived from the unknown model ' ~ model ~ ': use a name of dbt_project/models') %}
        {% endfor %}
    {% endfor %}
    {{ return(problems) }}
{% endmacro %}
