-- One row per id of an account or household that is no longer in use, with the one that stands in its place today, as
-- retired_customers is for customers.
with recursive changes as (
    select * from {{ ref('group_changes') }}
),

in_use as (
    select distinct group_id from {{ ref('int_group_history') }} where valid_to is null
),

retirements as (
    select
        entity,
        group_id,
        max_by(other_group_id, recorded_at) as successor_id,
        max_by(effective_at, recorded_at) as retired_at,
        max(recorded_at) as recorded_at
    from changes
    where change_type = 'retired'
    group by entity, group_id
),

retired as (
    select retirements.*
    from retirements
    left join in_use on in_use.group_id = retirements.group_id
    where in_use.group_id is null
),

-- each retirement is later than the one before it in a chain, so a chain ends
steps as (
    select group_id, successor_id, 1 as steps_count from retired
    union all
    select steps.group_id, retired.successor_id, steps.steps_count + 1
    from steps
    inner join retired on retired.group_id = steps.successor_id
),

ends as (
    select group_id, max_by(successor_id, steps_count) as current_group_id, max(steps_count) as steps_count
    from steps
    group by group_id
),

final as (
    select
        retired.group_id,
        retired.entity,
        ends.current_group_id,
        retired.successor_id,
        cast(ends.steps_count as integer) as steps_count,
        retired.retired_at,
        retired.recorded_at
    from retired
    inner join ends on ends.group_id = retired.group_id
)

select * from final
