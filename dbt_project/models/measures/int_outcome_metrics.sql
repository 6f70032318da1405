-- Grain: one row per metric and dimension: what the customers' behaviour came to in the 90 days before the run's moment, or, for
-- rates that need time to show, what became of those who were there 90 days ago. Shares of nobody are left out.
{%- set days = var('outcome_window_days') %}
with bounds as (
    select {{ cdp.as_of() }} as until_at, {{ cdp.as_of() }} - to_days({{ days }}) as since_at, {{ cdp.as_of() }} - to_days({{ 2 * days }}) as before_at
),
customers as (
    select * from {{ ref('customers') }}
),
identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
subscriptions as (
    select
        identity_map.customer_id, subscriptions.started_at, subscriptions.current_period_end_at,
        coalesce(subscriptions.ended_at, subscriptions.canceled_at) as ended_at
    from {{ ref('int_subscriptions') }} as subscriptions
    inner join identity_map on identity_map.record_id = subscriptions.record_id
),
subscribers as (
    select
        subscriptions.customer_id,
        max(case when coalesce(subscriptions.ended_at > bounds.until_at, true) then 1 else 0 end) as is_still
    from subscriptions
    cross join bounds
    where subscriptions.started_at <= bounds.since_at and coalesce(subscriptions.ended_at > bounds.since_at, true)
    group by subscriptions.customer_id
),
renewals as (
    -- what was due: a period that ended in the window, by its end in a cancellation or by the next period's having begun
    select avg(case when subscriptions.ended_at <= bounds.until_at then 0 else 1 end) as renewal_rate
    from subscriptions
    cross join bounds
    where subscriptions.started_at <= bounds.since_at
        and coalesce(subscriptions.ended_at > bounds.since_at, true)
        and coalesce(subscriptions.ended_at, subscriptions.current_period_end_at) > bounds.since_at
),
orders as (
    select identity_map.customer_id, coalesce(orders.ordered_at, orders.updated_at) as ordered_at
    from {{ ref('int_orders') }} as orders
    inner join identity_map on identity_map.record_id = orders.record_id
    where {{ cdp.is_counted_order() }}
),
buyers as (
    select
        orders.customer_id,
        bool_or(orders.ordered_at > bounds.before_at and orders.ordered_at <= bounds.since_at) as bought_before,
        bool_or(orders.ordered_at > bounds.since_at and orders.ordered_at <= bounds.until_at) as bought_since
    from orders
    cross join bounds
    group by orders.customer_id
),
leads as (
    -- became known in the window before the last, without having bought by then
    select
        customers.customer_id,
        coalesce(customers.first_order_at > customers.known_at, false) or subscribed.first_started_at > customers.known_at as is_won
    from customers
    cross join bounds
    left join (select customer_id, min(started_at) as first_started_at from subscriptions group by customer_id) as subscribed
        on subscribed.customer_id = customers.customer_id
    where customers.known_at > bounds.before_at and customers.known_at <= bounds.since_at
        and not coalesce(customers.first_order_at <= customers.known_at, false)
        and not coalesce(subscribed.first_started_at <= customers.known_at, false)
),
service as (
    select * from {{ ref('int_service_metrics') }}
),
values_of_customers as (
    select
        avg(lifetime_value_usd) as mean_usd,
        median(lifetime_value_usd) as median_usd,
        sum(lifetime_value_usd) as total_usd,
        count(*) as customers_count,
        coalesce((select max(tickets_count) from service), 0) * {{ var('ticket_cost_usd') }} / count(*) as cost_to_serve_usd
    from customers
    having count(*) > 0
),
final as (
    select 'churn_rate' as metric, 'all' as source, 'subscriptions' as dimension, avg(1 - is_still) as value, 'share' as unit
    from subscribers
    union all
    select 'churn_rate', 'all', 'orders', avg(case when bought_since then 0 else 1 end), 'share' from buyers where bought_before
    union all
    select 'conversion_rate', 'all', 'leads', avg(case when is_won then 1 else 0 end), 'share' from leads
    union all
    select 'renewal_rate', 'all', 'subscriptions', renewal_rate, 'share' from renewals
    union all
    select 'lifetime_value', 'all', 'mean', mean_usd, 'usd' from values_of_customers
    union all
    select 'lifetime_value', 'all', 'median', median_usd, 'usd' from values_of_customers
    union all
    select 'lifetime_value', 'all', 'total', total_usd, 'usd' from values_of_customers
    union all
    select 'cost_to_serve', 'all', 'tickets', cost_to_serve_usd, 'usd' from values_of_customers
    union all
    select 'lifecycle_stage', 'all', lifecycle_stage, count(*), 'customers' from customers group by lifecycle_stage
    {%- for metric, unit in {
        'tickets_count': 'tickets', 'resolution_rate': 'share', 'resolution_hours': 'hours', 'resolution_hours_p90': 'hours',
        'first_reply_hours': 'hours', 'reopen_rate': 'share', 'satisfaction': 'share'
    }.items() %}
    union all
    select '{{ metric }}', source, 'all', {{ metric }}, '{{ unit }}' from service
    {%- endfor %}
)
select metric, source, dimension, cast(value as double) as value, unit from final where value is not null
