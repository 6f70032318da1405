-- Grain: one row per source of tickets, and one for all: what became of those that were opened in the 90 days before the run's moment.
{%- set days = var('outcome_window_days') %}
with bounds as (
    select {{ cdp.as_of() }} as until_at, {{ cdp.as_of() }} - to_days({{ days }}) as since_at
),
tickets as (
    select tickets.*
    from {{ ref('int_tickets') }} as tickets
    cross join bounds
    where tickets.created_at > bounds.since_at and tickets.created_at <= bounds.until_at
),
final as (
    select
        coalesce(source, 'all') as source,
        count(*) as tickets_count,
        avg(case when is_open then 0 else 1 end) as resolution_rate,
        median(resolution_minutes) / 60 as resolution_hours,
        quantile_cont(resolution_minutes, 0.9) / 60 as resolution_hours_p90,
        median(first_reply_minutes) / 60 as first_reply_hours,
        avg(case when reopens_count > 0 then 1 else 0 end) as reopen_rate,
        avg(case satisfaction when 'good' then 1 when 'bad' then 0 end) as satisfaction
    from tickets
    group by grouping sets ((source), ())
    having count(*) > 0
)
select * from final
