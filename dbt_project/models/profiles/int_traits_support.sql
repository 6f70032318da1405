-- Grain: one row per customer who had opened a ticket in the year before `moment`: what support that took. What a ticket says
-- of itself without a date (reopened, rated) counts from its last change on, for until then nobody can say it was known.
{{ config(materialized='as_of') }}
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),

tickets as (
    select
        identity_map.customer_id,
        tickets.created_at,
        coalesce(tickets.solved_at, case when not tickets.is_open then tickets.updated_at end) as over_at,
        case when tickets.updated_at <= moment then tickets.reopens_count end as reopens_count,
        case when tickets.updated_at <= moment then tickets.satisfaction end as satisfaction
    from {{ ref('int_tickets') }} as tickets
    inner join identity_map on identity_map.record_id = tickets.record_id
    where tickets.created_at <= moment and tickets.created_at >= moment - interval 365 day
),

final as (
    select
        customer_id,
        count(*) as support_tickets_12_months_count,
        count(*) filter (where over_at is null or over_at > moment) as support_tickets_open_count,
        cast(sum(datediff('minute', created_at, least(moment, coalesce(over_at, moment)))) / 60.0 as double) as support_open_hours,
        count(*) filter (where reopens_count > 0) as support_tickets_reopened_count,
        count(*) filter (where satisfaction = 'bad') as support_bad_ratings_count,
        cast(
            100.0 * count(*) filter (where satisfaction = 'good') / nullif(count(*) filter (where satisfaction in ('good', 'bad')), 0)
            as double
        ) as support_satisfaction_pct
    from tickets
    group by customer_id
)

select * from final
