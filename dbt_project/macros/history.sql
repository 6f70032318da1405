{# What histories of ids share, whether of customers or of accounts and households. #}

{# The changes known before, and those of `learned` among them once: a run repeated after it published learns nothing. #}
{% macro known_and_learned(before, learned) -%}
    select * from {{ before }}
    union all
    select {{ learned }}.*
    from {{ learned }}
    left join {{ before }} on {{ learned }}.change_id = {{ before }}.change_id
    where {{ before }}.change_id is null
{%- endmacro %}

{# learned_at: a run speaks after every run before it, even if the clock went back. #}
{% macro learned_at(before) -%}
    select
        case
            when max(valid_from) >= {{ cdp.run_started_at() }} or max(valid_to) >= {{ cdp.run_started_at() }}
                then greatest(max(valid_from), max(valid_to)) + interval '1' microsecond
            else {{ cdp.run_started_at() }}
        end as learned_at
    from {{ before }}
{%- endmacro %}

{#
  One row per id that is no longer in use, with the one that stands in its place today: merges are followed from one to
  the next to their end. changes: relation of changes; in_use: query of the ids in use. id, other_id, current_id: columns;
  carried: further columns of the changes that go with an id.
#}
{% macro retired_ids(changes, in_use, id, other_id, current_id, carried=[]) -%}
    {%- set kept = carried | map('string') | list -%}
    with recursive in_use as (
        {{ in_use }}
    ),

    retirements as (
        select
            {{ id }},
            {%- for column in kept %}
            {{ column }},
            {%- endfor %}
            max_by({{ other_id }}, recorded_at) as successor_id,
            max_by(effective_at, recorded_at) as retired_at,
            max(recorded_at) as recorded_at
        from {{ changes }}
        where change_type = 'retired'
        group by {{ ([id] + kept) | join(', ') }}
    ),

    retired as (
        select retirements.*
        from retirements
        left join in_use on in_use.{{ id }} = retirements.{{ id }}
        where in_use.{{ id }} is null
    ),

    -- each retirement is later than the one before it in a chain, so a chain ends
    steps as (
        select {{ id }}, successor_id, 1 as steps_count from retired
        union all
        select steps.{{ id }}, retired.successor_id, steps.steps_count + 1
        from steps
        inner join retired on retired.{{ id }} = steps.successor_id
    ),

    ends as (
        select {{ id }}, max_by(successor_id, steps_count) as {{ current_id }}, max(steps_count) as steps_count
        from steps
        group by {{ id }}
    )

    select
        retired.{{ id }},
        {%- for column in kept %}
        retired.{{ column }},
        {%- endfor %}
        ends.{{ current_id }},
        retired.successor_id,
        cast(ends.steps_count as integer) as steps_count,
        retired.retired_at,
        retired.recorded_at
    from retired
    inner join ends on ends.{{ id }} = retired.{{ id }}
{%- endmacro %}
