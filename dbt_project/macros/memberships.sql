{#
  Who belonged to which group from when to when: the previous generation's periods, ended where this run finds the member
  gone, and a period for everybody whom this run finds there anew.
  Reads the CTE `current_members`: <group_id>, customer_id, role, since_at. table: the model itself. groups: relation of the
  ids in use.
  A member who comes back begins a second period, after the end of the first. Who leaves one group and is found in another
  moves: when the records first speak of the other, or, where they speak of nothing newer than the stay that ends (a link
  has no date of its own), at the run's moment. Where a group went into another, nobody moved.
  A stay that ended because its customer or its group was merged away goes on as if it never had, once the run that undoes
  the merge gives back the id: nobody had left.
#}
{% macro membership_periods(table, group_id, groups) %}
    with before as (
        {{ cdp.previous('customers', table, {
            group_id: 'varchar', 'customer_id': 'varchar', 'role': 'varchar', 'joined_at': 'timestamp', 'left_at': 'timestamp'
        }) }}
    ),
    ended as (
        select {{ group_id }}, customer_id, max(left_at) as last_left_at from before where left_at is not null group by 1, 2
    ),
    given_back as (
        select customer_id as id, max(effective_at) filter (where change_type = 'retired') as retired_at
        from {{ ref('identity_changes') }}
        where change_type in ('retired', 'restored')
        group by 1
        having bool_or(change_type = 'restored' and run_id = {{ cdp.run_id() }})
        union all
        select group_id as id, max(effective_at) filter (where change_type = 'retired') as retired_at
        from {{ ref('group_changes') }}
        where change_type in ('retired', 'restored')
        group by 1
        having bool_or(change_type = 'restored' and run_id = {{ cdp.run_id() }})
    ),
    reopened as (
        select ended.{{ group_id }}, ended.customer_id, ended.last_left_at as left_at
        from ended
        inner join current_members
            on current_members.{{ group_id }} = ended.{{ group_id }} and current_members.customer_id = ended.customer_id
        left join given_back as customers on customers.id = ended.customer_id
        left join given_back as groups on groups.id = ended.{{ group_id }}
        where ended.last_left_at >= least(customers.retired_at, groups.retired_at)
    ),
    departed as (
        select before.customer_id, max(before.joined_at) as joined_at
        from before
        left join current_members
            on current_members.{{ group_id }} = before.{{ group_id }} and current_members.customer_id = before.customer_id
        where before.left_at is null and current_members.customer_id is null
            and before.{{ group_id }} in (select {{ group_id }} from {{ groups }})
        group by 1
    ),
    begun as (
        select
            current_members.{{ group_id }}, current_members.customer_id, current_members.role,
            case
                when ended.last_left_at is not null then greatest({{ cdp.as_of() }}, ended.last_left_at + interval '1' microsecond)
                when departed.joined_at >= current_members.since_at then {{ cdp.as_of() }}
                else least(coalesce(current_members.since_at, {{ cdp.as_of() }}), {{ cdp.as_of() }})
            end as joined_at,
            cast(null as timestamp) as left_at
        from current_members
        left join ended
            on ended.{{ group_id }} = current_members.{{ group_id }} and ended.customer_id = current_members.customer_id
        left join departed on departed.customer_id = current_members.customer_id
        left join before
            on before.{{ group_id }} = current_members.{{ group_id }}
            and before.customer_id = current_members.customer_id and before.left_at is null
        left join reopened
            on reopened.{{ group_id }} = current_members.{{ group_id }} and reopened.customer_id = current_members.customer_id
        where before.customer_id is null and reopened.customer_id is null
    ),
    moved as (
        select customer_id, min(joined_at) as moved_at from begun group by 1
    ),
    kept as (
        select
            before.{{ group_id }}, before.customer_id,
            case
                when (before.left_at is null and current_members.customer_id is not null) or reopened.customer_id is not null
                    then current_members.role
                else before.role
            end as role,
            before.joined_at,
            case
                when reopened.customer_id is not null then null
                when before.left_at is not null then before.left_at
                when current_members.customer_id is not null then null
                when moved.moved_at > before.joined_at and before.{{ group_id }} in (select {{ group_id }} from {{ groups }}) then moved.moved_at
                else greatest({{ cdp.as_of() }}, before.joined_at)
            end as left_at
        from before
        left join current_members
            on current_members.{{ group_id }} = before.{{ group_id }} and current_members.customer_id = before.customer_id
        left join moved on moved.customer_id = before.customer_id
        left join reopened
            on reopened.{{ group_id }} = before.{{ group_id }} and reopened.customer_id = before.customer_id
            and reopened.left_at = before.left_at
    )
    select * from kept
    union all
    select * from begun
{% endmacro %}
