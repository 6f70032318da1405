{# Definitions that more than one measure must share. #}

{# Which rows of int_orders count as orders and as revenue. #}
{% macro is_counted_order() -%}
    lower(coalesce(status, '')) not in ('cancelled', 'canceled', 'voided')
{%- endmacro %}

{# A subscription's price per month, from its price per period. #}
{% macro monthly_usd(amount, billing_interval) -%}
    {{ amount }} * case {{ billing_interval }} when 'year' then 1.0 / 12 when 'week' then 52.0 / 12 when 'day' then 365.0 / 12 else 1 end
{%- endmacro %}

{# 1 to 5 by fifths of the rows, 5 the largest; equal values share a score. Null stays null. #}
{% macro quintile(value) -%}
    case when {{ value }} is not null then cast(least(5, 1 + floor(5 * percent_rank() over (partition by {{ value }} is null order by {{ value }}))) as integer) end
{%- endmacro %}

{# The channels by which a customer can be reached. #}
{% macro channels() -%}
    {{ return(['email', 'sms', 'phone', 'ads', 'in_app', 'post']) }}
{%- endmacro %}

{# A list of texts for `in (…)`. #}
{% macro texts(values) -%}
    {% for value in values | unique %}{{ dbt.string_literal(dbt.escape_single_quotes(value)) }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
