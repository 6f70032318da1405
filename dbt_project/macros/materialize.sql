{#
  Views and tables replaced in one statement, inside one transaction. dbt's own way (build beside, rename, drop) exists for
  databases that cannot; here it costs four more statements per model and leaves __dbt_backup tables when a run is killed.
#}

{% materialization view, adapter='duckdb' -%}
    {%- set target = this.incorporate(type='view') -%}
    {%- do cdp.drop_other_kind(target) -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace view {{ target }} as (
            {{ sql }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{% materialization table, adapter='duckdb', supported_languages=['sql'] -%}
    {%- set target = this.incorporate(type='table') -%}
    {%- if config.get('contract').enforced %}{% do get_assert_columns_equivalent(sql) %}{% endif -%}
    {%- do cdp.drop_other_kind(target) -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace table {{ target }} as (
            {{ get_select_subquery(sql) if config.get('contract').enforced else sql }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{# `create or replace` cannot turn a view into a table or back. #}
{% macro drop_other_kind(target) -%}
    {%- set existing = load_cached_relation(target) -%}
    {%- if existing is not none and existing.type != target.type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{%- endmacro %}

{#
  A model whose rows depend on a moment: a function of the warehouse that takes it, so that a run, a back-test, a test and
  whoever asks about a past day read one definition. Its SQL calls the argument `moment`; a reader writes
  `from {{ ref('int_order_facts') }}({{ cdp.as_of() }})`. It has no rows of its own, so nothing gates or publishes it.
#}
{% materialization as_of, adapter='duckdb' -%}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        create or replace macro {{ target }}(moment) as table
            {{ sql }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}
