{# What differs between databases in reading JSON text and lists. Paths are keys joined by dots: 'address.city', 'price.recurring.interval'. #}

{# A key may hold blanks or start with $, so each is quoted: 'a.Campaign Name' is $."a"."Campaign Name". #}
{% macro json_path(path) -%}
    $."{{ path.split('.') | join('"."') }}"
{%- endmacro %}

{# One value as text: a string without its quotes, an object or list as JSON; null where the path leads nowhere. #}
{% macro json_text(column, path) -%}
    {{ return(adapter.dispatch('json_text', 'cdp')(column, path)) }}
{%- endmacro %}

{% macro default__json_text(column, path) -%}
    json_extract_string({{ column }}, '{{ cdp.json_path(path) }}')
{%- endmacro %}

{# Several values as a list of texts, in the order of paths, from a single parse of the document. #}
{% macro json_texts(column, paths) -%}
    {{ return(adapter.dispatch('json_texts', 'cdp')(column, paths)) }}
{%- endmacro %}

{% macro default__json_texts(column, paths) -%}
    json_extract_string({{ column }}, [{% for path in paths %}'{{ cdp.json_path(path) }}'{{ ', ' if not loop.last }}{% endfor %}])
{%- endmacro %}

{# Is the text JSON? Null for null. #}
{% macro is_json(column) -%}
    {{ return(adapter.dispatch('is_json', 'cdp')(column)) }}
{%- endmacro %}

{% macro default__is_json(column) -%}
    json_valid({{ column }})
{%- endmacro %}

{# The text if it is JSON, else null: one bad value must not stop a whole layer. #}
{% macro json_or_null(column) -%}
    {{ return(adapter.dispatch('json_or_null', 'cdp')(column)) }}
{%- endmacro %}

{% macro default__json_or_null(column) -%}
    case when {{ cdp.is_json(column) }} then {{ column }} end
{%- endmacro %}

{#
  A relation with one row per element of a JSON list: all columns of relation, the element as JSON text, its place from 1.
  A null, an empty list or anything but a list gives no row. path leads to the list inside column.
#}
{% macro explode_json(relation, column, path=none, item='item', position='position') -%}
    {{ return(adapter.dispatch('explode_json', 'cdp')(relation, column, path, item, position)) }}
{%- endmacro %}

{% macro default__explode_json(relation, column, path, item, position) -%}
    (
        select
            *,
            unnest(json_extract({{ column }}, '{{ cdp.json_path(path) if path else '$' }}[*]')) as {{ item }},
            generate_subscripts(json_extract({{ column }}, '{{ cdp.json_path(path) if path else '$' }}[*]'), 1) as {{ position }}
        from {{ relation }}
    )
{%- endmacro %}

{# A relation with one row per part of a text: 'a;b' gives two rows, null none. #}
{% macro explode_text(relation, column, separator, item='item') -%}
    {{ return(adapter.dispatch('explode_text', 'cdp')(relation, column, separator, item)) }}
{%- endmacro %}

{% macro default__explode_text(relation, column, separator, item) -%}
    (select *, unnest(string_split({{ column }}, '{{ separator }}')) as {{ item }} from {{ relation }})
{%- endmacro %}

{# The first element of a JSON list, as text. #}
{% macro json_first(column) -%}
    {{ return(adapter.dispatch('json_first', 'cdp')(column)) }}
{%- endmacro %}

{% macro default__json_first(column) -%}
    json_extract_string({{ column }}, '$[0]')
{%- endmacro %}

{# The sum of an amount over a JSON list, 0 for none. path may pass through lists: '[*].transactions[*].amount'. #}
{% macro json_sum(column, path, type='decimal(18,2)') -%}
    {{ return(adapter.dispatch('json_sum', 'cdp')(column, path, type)) }}
{%- endmacro %}

{% macro default__json_sum(column, path, type) -%}
    cast(coalesce(list_sum(try_cast(json_extract_string({{ column }}, '${{ path }}') as {{ type }}[])), 0) as {{ type }})
{%- endmacro %}

{# A relation with one row per member of a JSON object at `path`: all columns of relation, the member's key, its value as text. #}
{% macro json_members(relation, column, path, key='key', value='value') -%}
    {{ return(adapter.dispatch('json_members', 'cdp')(relation, column, path, key, value)) }}
{%- endmacro %}

{% macro default__json_members(relation, column, path, key, value) -%}
    select * exclude (_object), json_extract_string(_object, '/' || replace(replace({{ key }}, '~', '~0'), '/', '~1')) as {{ value }}
    from (
        select
            *,
            json_extract({{ column }}, '{{ cdp.json_path(path) }}') as _object,
            unnest(json_keys({{ column }}, '{{ cdp.json_path(path) }}')) as {{ key }}
        from {{ relation }}
    )
{%- endmacro %}
