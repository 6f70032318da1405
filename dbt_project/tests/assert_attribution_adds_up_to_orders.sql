-- Fails if an order's weights do not add up to 1, if its dollars are not its revenue to the cent, or if an order is missing,
-- in any model of attribution.
with given as (
    select
        order_id,
        {%- for model in ['first', 'last', 'linear', 'time_decay', 'position'] %}
        sum({{ model }}_weight) as {{ model }}_weight,
        sum({{ model }}_revenue_usd) as {{ model }}_revenue_usd{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('attribution') }}
    group by order_id
),

orders as (
    select order_id, sum(amount_usd) as revenue_usd
    from {{ ref('int_customer_ledger') }}
    where order_id is not null and cancelled_at is null
    group by order_id
)

select coalesce(orders.order_id, given.order_id) as order_id
from orders
full join given on given.order_id = orders.order_id
where
    orders.order_id is null
    or given.order_id is null
    {%- for model in ['first', 'last', 'linear', 'time_decay', 'position'] %}
    or abs(given.{{ model }}_weight - 1) > 1e-9
    or given.{{ model }}_revenue_usd <> orders.revenue_usd
    {%- endfor %}
