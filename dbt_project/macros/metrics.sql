{# What metrics of all layers share. #}

{#
  This run's figures beside those of the run before: run_id, metric, source, dimension, value, previous_value, unit.
  measured: relation of metric, source, dimension, value, unit. before: of run_id, recorded_at and the same, of all runs;
  a run that is repeated after it published is measured anew.
#}
{% macro beside_the_run_before(measured, before) -%}
    select
        {{ cdp.run_id() }} as run_id,
        {{ measured }}.metric,
        {{ measured }}.source,
        {{ measured }}.dimension,
        {{ measured }}.value,
        run_before.value as previous_value,
        {{ measured }}.unit
    from {{ measured }}
    left join (
        select *
        from {{ before }}
        where run_id = (select max_by(run_id, recorded_at) from {{ before }} where run_id <> {{ cdp.run_id() }})
    ) as run_before
        on run_before.metric = {{ measured }}.metric
        and run_before.source = {{ measured }}.source
        and run_before.dimension = {{ measured }}.dimension
{%- endmacro %}
