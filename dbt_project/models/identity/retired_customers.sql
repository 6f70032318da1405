-- One row per id that is no longer in use, with the customer that stands in its place today: merges are followed from one
-- to the next to their end. An id that was given back is in use again, and not here.
with recursive changes as (
    select * from {{ ref('identity_changes') }}
),

in_use as (
    select distinct customer_id from {{ source('identity', 'identity_map') }}
),

retirements as (
    select
        customer_id,
        max_by(other_customer_id, recorded_at) as successor_id,
        max_by(effective_at, recorded_at) as retired_at,
        max(recorded_at) as recorded_at
    from changes
    where change_type = 'retired'
    group by customer_id
),

retired as (
    select retirements.*
    from retirements
    left join in_use on in_use.customer_id = retirements.customer_id
    where in_use.customer_id is null
),

-- each retirement is later than the one before it in a chain, so a chain ends
steps as (
    select customer_id, successor_id, 1 as steps_count from retired
    union all
    select steps.customer_id, retired.successor_id, steps.steps_count + 1
    from steps
    inner join retired on retired.customer_id = steps.successor_id
),

ends as (
    select customer_id, max_by(successor_id, steps_count) as current_customer_id, max(steps_count) as steps_count
    from steps
    group by customer_id
),

final as (
    select
        retired.customer_id,
        ends.current_customer_id,
        retired.successor_id,
        cast(ends.steps_count as integer) as steps_count,
        retired.retired_at,
        retired.recorded_at
    from retired
    inner join ends on ends.customer_id = retired.customer_id
)

select * from final
