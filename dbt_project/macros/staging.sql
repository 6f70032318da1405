{#
  From raw versions to typed rows. What a column is called and which type it has stands once, in the source's YAML; these
  macros read it there (graph), so that a new source is a declaration and one select. Cleaning that is worth a name of its
  own (street lines, bots) is here too; standardising (e-mail, phone, names) is not: that is conformed's.
#}

{# The declaration of a raw table, as {config, columns by name}: its node in dbt's graph; none while dbt only parses. #}
{% macro declared(source_name, table_name) -%}
    {%- if not execute -%}
        {%- do return(none) -%}
    {%- elif not graph -%}
        {%- do return(cdp.declared_in_file(source_name, table_name)) -%}
    {%- endif -%}
    {%- set node = graph.sources.get('source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name) -%}
    {%- if not node -%}
        {%- do exceptions.raise_compiler_error(
            'No source ' ~ source_name ~ '.' ~ table_name ~ '. Declare it in _' ~ source_name ~ '__sources.yml.') -%}
    {%- endif -%}
    {%- do return(node) -%}
{%- endmacro %}

{# dbt gives a unit test an empty graph, and the test must see the real declaration: it is read from its file. #}
{% macro declared_in_file(source_name, table_name) -%}
    {%- set file = env_var('CDP_PROJECT') ~ '/dbt_project/models/staging/' ~ source_name ~ '/_' ~ source_name ~ '__sources.yml' -%}
    {%- set text = run_query("select content from read_text('" ~ file ~ "')").rows[0][0] -%}
    {%- set table = (fromyaml(text).sources | first).tables | selectattr('name', 'equalto', table_name) | first -%}
    {%- set columns = {} -%}
    {%- for column in table.columns %}{% do columns.update({column.name: column}) %}{% endfor -%}
    {%- do return({'config': table.config, 'columns': columns}) -%}
{%- endmacro %}

{#
  The newest version of each key of a raw table, deleted keys left out; a CTE's body. Newest is by ordered_by, and among
  equals by content, so that the order of delivery decides nothing; without ordered_by, and in snapshots, it is by delivery. Values are as sent, except that a value declared json which is not JSON is null (as_sent keeps it).
#}
{% macro latest(source_name, table_name, as_sent=false) -%}
    {%- set relation = source(source_name, table_name) -%}
    {%- set node = cdp.declared(source_name, table_name) -%}
    {%- if not node -%}
        select * from {{ relation }}
    {%- else -%}
        {%- set meta = node.config.meta -%}
        {%- set order = ['_load_id desc', '_file desc', '_line desc', '_content_hash desc'] -%}
        {%- if meta.ordered_by and meta.delivery != 'snapshot' -%}
            {%- set type = node.columns[meta.ordered_by].data_type -%}
            {%- set ordered = cdp.try_cast(cdp.quoted(meta.ordered_by), type) ~ ' desc nulls last' -%}
            {%- set order = [ordered, '_content_hash desc'] + order -%}
        {%- endif -%}
        {%- set key = [] -%}
        {%- for name in meta.primary_key %}{% do key.append(cdp.quoted(name)) %}{% endfor -%}
        {{ cdp.newest(relation, key, order, [] if as_sent else cdp.json_columns(node)) }}
    {%- endif -%}
{%- endmacro %}

{% macro newest(relation, key, order, json_columns) -%}
    {{ return(adapter.dispatch('newest', 'cdp')(relation, key, order, json_columns)) }}
{%- endmacro %}

{# Only keys that occur twice are sorted: most keys of an event table occur once, and their rows are wide. #}
{% macro default__newest(relation, key, order, json_columns) -%}
    select * {{ cdp.json_replaced(json_columns) }}
    from (
        select *
        from {{ relation }}
        anti join (select {{ key | join(', ') }} from {{ relation }} group by all having count(*) > 1) using ({{ key | join(', ') }})
        union all by name
        select *
        from {{ relation }}
        semi join (select {{ key | join(', ') }} from {{ relation }} group by all having count(*) > 1) using ({{ key | join(', ') }})
        qualify row_number() over (partition by {{ key | join(', ') }} order by {{ order | join(', ') }}) = 1
    )
    where not _is_deleted
{%- endmacro %}

{% macro json_replaced(columns) -%}
    {%- if columns -%}
        replace ({% for name in columns %}{{ cdp.json_or_null(cdp.quoted(name)) }} as {{ cdp.quoted(name) }}{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}

{#
  latest() with every declared column under its declared name, trimmed, empty text as null, cast to its declared type
  (null where it does not cast; rejects() lists those). A dotted name is a column too: "properties.email".
#}
{% macro typed(source_name, table_name) -%}
    {%- set node = cdp.declared(source_name, table_name) -%}
    {%- if not node -%}
        {{ cdp.latest(source_name, table_name) }}
    {%- else -%}
        {%- set paths = cdp.json_paths(node) -%}
        select
            {%- for column in node.columns.values() %}
            {{ cdp.value_of(column, paths) }} as {{ cdp.quoted(column.name) }},
            {%- endfor %}
            _file,
            _line,
            _load_id,
            _loaded_at
        from ({{ cdp.parsed(cdp.latest(source_name, table_name), paths) }})
    {%- endif -%}
{%- endmacro %}

{#
  The values of declared types other than text which would not cast, over the latest versions; a CTE's body. One row per
  value: key (JSON list), column_name, data_type, value, and where it came from.
#}
{% macro rejects(source_name, table_name) -%}
    {%- set node = cdp.declared(source_name, table_name) -%}
    {%- set found = [] -%}
    {%- if node -%}
        {%- set paths = cdp.json_paths(node, but='varchar') -%}
        {%- for column in node.columns.values() if column.data_type != 'varchar' -%}
            {%- set text = cdp.text_of(column, paths) -%}
            {%- do found.append({'name': column.name, 'type': column.data_type, 'text': text, 'bad': cdp.is_misfit(column, paths)}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if not found -%}
        select
            cast(null as varchar) as key,
            cast(null as varchar) as column_name,
            cast(null as varchar) as data_type,
            cast(null as varchar) as value,
            _file,
            _line,
            _load_id
        from {{ source(source_name, table_name) }}
        where false
    {%- else -%}
        select key, reject.column_name, reject.data_type, reject.value, _file, _line, _load_id
        from (
            select
                to_json([{% for name in node.config.meta.primary_key %}{{ cdp.quoted(name) }}{{ ', ' if not loop.last }}{% endfor %}])::varchar as key,
                _file,
                _line,
                _load_id,
                unnest([
                    {%- for column in found %}
                    case when {{ column.bad }}
                        then {'column_name': '{{ column.name }}', 'data_type': '{{ column.type }}', 'value': {{ column.text }}} end
                    {{- ',' if not loop.last }}
                    {%- endfor %}
                ]) as reject
            from ({{ cdp.parsed(cdp.latest(source_name, table_name, as_sent=true), paths, checked=true) }})
            where
                {%- for column in found %}
                {{ 'or ' if not loop.first }}({{ column.bad }})
                {%- endfor %}
        )
        where reject is not null
    {%- endif -%}
{%- endmacro %}

{# The rows of a query, with the declared paths of each JSON column read in one parse: a list per column. #}
{% macro parsed(query, paths, checked=false) -%}
    select
        *
        {%- for column, below in paths.items() %},
        {{ cdp.json_texts(cdp.json_or_null(cdp.quoted(column)) if checked else cdp.quoted(column), below) }} as {{ cdp.quoted('_in ' ~ column) }}
        {%- endfor %}
    from ({{ query }})
{%- endmacro %}

{# Declared paths by the JSON column that holds them, {'properties': ['email', 'address.city']}; those of type `but` left out. #}
{% macro json_paths(node, but=none) -%}
    {%- set paths = {} -%}
    {%- for column in node.columns.values() if '.' in column.name and column.data_type != but -%}
        {%- set top = column.name.split('.')[0] -%}
        {%- do paths.setdefault(top, []).append(column.name[top | length + 1:]) -%}
    {%- endfor -%}
    {%- do return(paths) -%}
{%- endmacro %}

{#
  True where a declared column has a text that does not fit its type. The value as sent is tried first: where it fits, as nearly
  everywhere, it fits trimmed too, and trimming every value costs more than all the rest.
#}
{% macro is_misfit(column, paths) -%}
    {%- set sent, text = cdp.sent_of(column, paths), cdp.text_of(column, paths) -%}
    {%- if column.data_type == 'json' -%}
        not {{ cdp.is_json(sent) }} and not {{ cdp.is_json(text) }}
    {%- else -%}
        {{ cdp.try_cast(sent, column.data_type) }} is null and {{ text }} is not null and {{ cdp.try_cast(text, column.data_type) }} is null
    {%- endif -%}
{%- endmacro %}

{# A declared column in the rows that parsed() gives, as sent. #}
{% macro sent_of(column, paths) -%}
    {%- set top = column.name.split('.')[0] -%}
    {%- if '.' in column.name -%}
        {{ cdp.quoted('_in ' ~ top) }}[{{ paths[top].index(column.name[top | length + 1:]) + 1 }}]
    {%- else -%}
        {{ cdp.quoted(column.name) }}
    {%- endif -%}
{%- endmacro %}

{# The text of a declared column in the rows that parsed() gives, trimmed, null for empty. A whole document is not trimmed: that is slow. #}
{% macro text_of(column, paths) -%}
    {%- if column.data_type == 'json' and '.' not in column.name -%}
        nullif({{ cdp.sent_of(column, paths) }}, '')
    {%- else -%}
        {{ cdp.cleaned(cdp.sent_of(column, paths)) }}
    {%- endif -%}
{%- endmacro %}

{# The value of a declared column in the same rows. JSON columns are valid in latest() already; lists below them are not. #}
{% macro value_of(column, paths) -%}
    {%- set text = cdp.text_of(column, paths) -%}
    {%- if column.data_type == 'json' and '.' in column.name -%}
        {{ cdp.json_or_null(text) }}
    {%- else -%}
        {{ cdp.try_cast(text, column.data_type) }}
    {%- endif -%}
{%- endmacro %}

{% macro json_columns(node) -%}
    {%- set names = [] -%}
    {%- for column in node.columns.values() if column.data_type == 'json' and '.' not in column.name -%}
        {%- do names.append(column.name) -%}
    {%- endfor -%}
    {%- do return(names) -%}
{%- endmacro %}

{% macro quoted(name) -%}
    "{{ name }}"
{%- endmacro %}

{# Text without blanks around it; null when nothing is left. #}
{% macro cleaned(expression) -%}
    nullif(trim({{ expression }}, ' ' || chr(9) || chr(10) || chr(13) || chr(160)), '')
{%- endmacro %}

{# Text to a declared type, null where it does not fit. A time with an offset becomes UTC; one without is UTC. #}
{% macro try_cast(expression, type) -%}
    {{ return(adapter.dispatch('try_cast', 'cdp')(expression, type)) }}
{%- endmacro %}

{% macro default__try_cast(expression, type) -%}
    {%- if type in ('varchar', 'json') -%}
        {{ expression }}
    {%- elif type == 'timestamp' -%}
        timezone('UTC', try_cast({{ expression }} as timestamptz))
    {%- else -%}
        try_cast({{ expression }} as {{ type }})
    {%- endif -%}
{%- endmacro %}

{# A count of seconds since 1970 to a UTC timestamp; null when it is out of range. #}
{% macro epoch_seconds(expression) -%}
    {{ return(adapter.dispatch('epoch_seconds', 'cdp')(expression)) }}
{%- endmacro %}

{% macro default__epoch_seconds(expression) -%}
    try(epoch_ms({{ expression }} * 1000))
{%- endmacro %}

{% macro epoch_millis(expression) -%}
    {{ return(adapter.dispatch('epoch_millis', 'cdp')(expression)) }}
{%- endmacro %}

{% macro default__epoch_millis(expression) -%}
    try(epoch_ms({{ expression }}))
{%- endmacro %}

{# One group of a pattern, null where it does not match. Patterns are RE2's, without look-around. #}
{% macro matched(expression, pattern, group) -%}
    {{ return(adapter.dispatch('matched', 'cdp')(expression, pattern, group)) }}
{%- endmacro %}

{% macro default__matched(expression, pattern, group) -%}
    nullif(regexp_extract({{ expression }}, '{{ pattern }}', {{ group }}), '')
{%- endmacro %}

{#
  House number and street of one line, in German order ('Hauptstr. 12 a') and in English ('221B Baker Street'). A line
  with a number at both ends or at none stays whole as street when neither pattern fits.
#}
{% macro house_number(line) -%}
    coalesce(
        {{ cdp.matched(line, cdp.number_first(), 1) }},
        {{ cdp.matched(line, cdp.number_last(), 2) }}
    )
{%- endmacro %}

{% macro street(line) -%}
    coalesce(
        {{ cdp.matched(line, cdp.number_first(), 2) }},
        {{ cdp.matched(line, cdp.number_last(), 1) }},
        {{ line }}
    )
{%- endmacro %}

{% macro number_first() -%}
    ^(\d+[a-zA-Z]?(?:[-/]\d+[a-zA-Z]?)?),?\s+(\D.*)$
{%- endmacro %}

{% macro number_last() -%}
    ^(.*?[^\s,])[\s,]+(\d+(?:\s?[a-zA-Z])?(?:\s?[-/]\s?\d+[a-zA-Z]?)?)$
{%- endmacro %}

{# A day as people type it: 1980-12-31, 31.12.1980, 31/12/1980, or in the United States 12/31/1980. Null for anything else. #}
{% macro written_date(expression, country) -%}
    {{ return(adapter.dispatch('written_date', 'cdp')(expression, country)) }}
{%- endmacro %}

{% macro default__written_date(expression, country) -%}
    cast(
        case
            when upper({{ country }}) in ('US', 'USA', 'UNITED STATES', 'UNITED STATES OF AMERICA')
                then try_strptime({{ expression }}, ['%Y-%m-%d', '%m/%d/%Y', '%d/%m/%Y', '%d.%m.%Y'])
            else try_strptime({{ expression }}, ['%Y-%m-%d', '%d.%m.%Y', '%d/%m/%Y', '%m/%d/%Y'])
        end as date
    )
{%- endmacro %}

{# The rule of seeds/reference/excluded_traffic.csv that a call of a site or an app meets, null for none (standardise/traffic.py). #}
{% macro traffic_rule(user_agent, ip='null', device='null') -%}
    {%- do cdp.check_traffic_rules() -%}
    std_traffic_rule({{ user_agent }}, {{ ip }}, {{ device }})
{%- endmacro %}

{# Is the rule one that tells a machine? #}
{% macro is_bot(rule) -%}
    coalesce(std_is_bot_rule({{ rule }}), false)
{%- endmacro %}

{# Stops the build, naming everything that is wrong in the rules: one that means nobody, or everybody, would be no rule. #}
{% macro check_traffic_rules() -%}
    {%- if execute -%}
        {%- set problems = run_query('select std_traffic_problems()').rows[0][0] -%}
        {%- if problems -%}
            {%- do exceptions.raise_compiler_error('seeds/reference/excluded_traffic.csv: ' ~ problems) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# The kind of device that a user agent tells of: mobile, tablet or desktop; null without one. #}
{% macro device_type(user_agent) -%}
    case
        when {{ user_agent }} is null then null
        when regexp_matches(lower({{ user_agent }}), 'ipad|tablet') then 'tablet'
        when regexp_matches(lower({{ user_agent }}), 'mobi|iphone|android') then 'mobile'
        else 'desktop'
    end
{%- endmacro %}

{# In a group: the newest value that is not null, ties broken by tie. #}
{% macro newest_value(expression, at, tie) -%}
    {{ return(adapter.dispatch('newest_value', 'cdp')(expression, at, tie)) }}
{%- endmacro %}

{% macro default__newest_value(expression, at, tie) -%}
    arg_max({{ expression }}, ({{ at }} is not null, {{ at }}, {{ tie }}))
{%- endmacro %}

{# A whole United States address in one line ('12 Oak Ave, Houston, TX 77001'): its street, city, region, postal_code or country. #}
{% macro us_address(line, part) -%}
    {%- if part == 'country' -%}
        case when {{ cdp.us_address(line, 'postal_code') }} is not null then 'US' end
    {%- else -%}
        {{ cdp.matched(line, '^(.+), ([^,]+), ([A-Z][A-Z]) ([0-9]{5}(?:-[0-9]{4})?)$', {'street': 1, 'city': 2, 'region': 3, 'postal_code': 4}[part]) }}
    {%- endif -%}
{%- endmacro %}

{# The words of help desks for the contract's four priorities; a word that is in neither list stays, and its gate names it. #}
{% macro ticket_priority(word) -%}
    case
        when lower({{ word }}) in ('low', 'minor', 'trivial', 'p4', 'p5') then 'low'
        when lower({{ word }}) in ('normal', 'medium', 'moderate', 'p3') then 'normal'
        when lower({{ word }}) in ('high', 'major', 'p2') then 'high'
        when lower({{ word }}) in ('urgent', 'critical', 'blocker', 'p1') then 'urgent'
        else {{ word }}
    end
{%- endmacro %}

{# Whether a ticket still waits for somebody: by its status, else by when it was solved. #}
{% macro is_open_ticket(status, solved_at) -%}
    coalesce(lower({{ status }}) not in ('solved', 'closed', 'resolved', 'done', 'cancelled', 'canceled'), {{ solved_at }} is null)
{%- endmacro %}

{# Calls, tasks and forms are told from notes, which everything else is. #}
{% macro activity_type(word) -%}
    case when lower({{ word }}) in ('call', 'task', 'form') then lower({{ word }}) else 'note' end
{%- endmacro %}
