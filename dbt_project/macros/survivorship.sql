{#
  How golden values are chosen, for every entity alike. The registry (seeds/reference/source_of_truth.csv) says which
  strategy and which systems; these macros hold the fields' units and turn both into SQL.
  A unit is a set of fields that only make sense together: a golden street never stands beside another record's city.
#}

{# unit: {field: SQL over int_customer_records}. #}
{% macro customer_units() %}
    {{ return({
        'name': {'full_name': 'full_name', 'given_name': 'given_name', 'family_name': 'family_name'},
        'address': {
            'street': 'street', 'house_number': 'house_number', 'city': 'city', 'region': 'region',
            'postal_code': 'postal_code', 'country': 'country'
        },
        'email': {'email': 'email'},
        'phone': {'phone': 'phone'},
        'birth_date': {'birth_date': 'birth_date'},
        'gender': {'gender': 'gender'},
        'company_name': {'company_name': 'company_name'},
        'job_title': {'job_title': 'job_title'}
    }) }}
{% endmacro %}

{# field: the question of consent that it answers. Its candidates are what the sources say (int_consent_words). #}
{% macro customer_permissions() %}
    {{ return({'is_marketing_email_allowed': {'purpose': 'marketing', 'channel': 'email'}}) }}
{% endmacro %}

{# unit: {field: SQL over int_account_records}. #}
{% macro account_units() %}
    {{ return({
        'name': {'name': 'name'},
        'domain': {'domain': 'domain_std'},
        'industry': {'industry': 'industry'},
        'employees_count': {'employees_count': 'employees_count'},
        'annual_revenue_usd': {'annual_revenue_usd': 'annual_revenue_usd'},
        'place': {'country': 'country_std', 'city': 'city'},
        'owner_id': {'owner_id': 'owner_id'},
        'lifecycle_stage': {'lifecycle_stage': 'lifecycle_stage'}
    }) }}
{% endmacro %}

{#
  One row per entity, field and record with a value, from the CTE `records`.
  records: <entity>, <record>, source, recorded_at, the columns that units name, and is_<field>_verified for the fields
  in `verifiable`.
#}
{% macro field_candidates(units, entity, record, verifiable=[]) %}
    {%- for unit, fields in units.items() %}
    {%- set expressions = fields.values() | list -%}
    {%- set unit_loop = loop -%}
    {%- for field, expression in fields.items() %}
    select
        {{ entity }}, {{ record }}, source, recorded_at,
        '{{ unit }}' as unit, '{{ field }}' as field,
        cast({{ expression }} as varchar) as value,
        {{ 'lower(concat_ws(chr(31), ' ~ expressions | join(', ') ~ '))' }} as unit_value,
        {# A record that holds less than half of a unit gives way to one that holds more. #}
        {% if expressions | length == 1 %}false{% else -%}
        2 * ({% for each in expressions %}({{ each }} is not null)::integer{{ ' + ' if not loop.last }}{% endfor %}) < {{ expressions | length }}
        {%- endif %} as is_partial,
        {{ 'is_' ~ field ~ '_verified' if field in verifiable else 'false' }} as is_verified
    from records
    where {{ expression }} is not null
    {{ 'union all' if not (loop.last and unit_loop.last) }}
    {%- endfor %}
    {%- endfor %}
{% endmacro %}

{#
  Ranks the CTE `candidates` by the registry: rank 1 is golden. dense_rank, so that all fields of one record in one unit
  share a rank. A source that the registry does not list comes after those that it does. lost_because: the first criterion in
  which a loser is behind the winner.
#}
{% macro ranked_candidates(model, entity, record) %}
    {%- set kept = ['is_partial', 'unit_value', 'is_verified', 'frequency', 'system_rank', 'recorded_at'] -%}
    select
        *,
        case
            when rank = 1 then null
            when unit_value = winner_unit_value then 'same value'
            when is_partial and not winner_is_partial then 'holds less than half'
            when rule = 'verified_first' and not is_verified and winner_is_verified then 'not verified'
            when rule = 'most_frequent' and frequency < winner_frequency then 'less frequent'
            when rule = 'longest' and length(unit_value) < length(winner_unit_value) then 'shorter'
            when rule in ('owning_system', 'verified_first') and coalesce(system_rank > winner_system_rank, winner_system_rank is not null)
                then 'system comes later'
            when coalesce(recorded_at < winner_recorded_at, winner_recorded_at is not null) then 'older'
            else 'equal, later record id'
        end as lost_because,
        datediff('day', recorded_at, {{ cdp.as_of() }}) as age_days,
        datediff('day', recorded_at, {{ cdp.as_of() }}) > freshness_days as is_stale
    from (
        select
            *,
            {%- for column in kept %}
            first_value({{ column }}) over by_unit as winner_{{ column }},
            {%- endfor %}
            dense_rank() over by_unit as rank
        from (
            select
                candidates.*, registry.strategy as rule, registry.freshness_days, systems.system_rank,
                count(*) over (partition by candidates.{{ entity }}, candidates.field, candidates.unit_value) as frequency
            from candidates
            inner join (
                select distinct field, strategy, freshness_days from {{ ref('int_source_of_truth') }} where model = '{{ model }}'
            ) as registry on registry.field = candidates.field
            left join {{ ref('int_source_of_truth') }} as systems
                on systems.model = '{{ model }}' and systems.field = candidates.field and systems.system = candidates.source
        )
        window by_unit as (
            partition by {{ entity }}, unit
            order by
                is_partial,
                case when rule = 'verified_first' then not is_verified end nulls last,
                case when rule = 'most_frequent' then -frequency end nulls last,
                case when rule = 'longest' then -length(unit_value) end nulls last,
                case when rule in ('owning_system', 'verified_first') then system_rank end nulls last,
                recorded_at desc nulls last,
                {{ record }}
        )
    )
{% endmacro %}

{#
  What the sources say of each permission, from the CTE `words` of int_consent_words, in the columns of customer_fields. Of a record
  each source's strictest word; of these the strictest wins, as in consents, so that one system's yes lifts no other's no.
#}
{% macro permission_candidates(permissions) %}
    {%- for field, question in permissions.items() %}
    select
        customer_id, '{{ field }}' as field, record_id, source, cast(status = 'granted' as varchar) as value,
        row_number() over by_customer as rank,
        case
            when row_number() over by_customer = 1 then null
            when (status = 'granted') = first_value(status = 'granted') over by_customer then 'same value'
            else 'less strict'
        end as lost_because,
        effective_at as recorded_at
    from (
        select *
        from words
        where purpose = '{{ question.purpose }}' and channel = '{{ question.channel }}'
        qualify row_number() over (
            partition by customer_id, record_id, source order by {{ cdp.strictness('status') }} desc, effective_at desc, decision_id
        ) = 1
    )
    window by_customer as (
        partition by customer_id order by {{ cdp.strictness('status') }} desc, effective_at desc, source, record_id
    )
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{% endmacro %}
