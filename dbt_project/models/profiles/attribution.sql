-- Grain: one row per order and touch that may have led to it; an order without one has a row of its own, so that revenue
-- adds up. Touches count for {{ var('attribution_lookback_days') }} days, and never those after the order.
{%- set models = ['first', 'last', 'linear', 'time_decay', 'position'] %}
with orders as (
    select
        order_id,
        any_value(customer_id) as customer_id,
        max(occurred_at) filter (where kind = 'order') as ordered_at,
        sum(amount_usd) as revenue_usd
    from {{ ref('int_customer_ledger') }}
    where order_id is not null and cancelled_at is null
    group by order_id
),

led as (
    select
        orders.*,
        touches.touch_id,
        touches.touch_number,
        touches.channel,
        touches.campaign_id,
        touches.campaign,
        touches.occurred_at as touched_at
    from orders
    inner join {{ ref('int_customer_touches') }} as touches
        on touches.customer_id = orders.customer_id
        and touches.occurred_at <= orders.ordered_at
        and touches.occurred_at >= orders.ordered_at - interval '{{ var("attribution_lookback_days") }}' day
),

placed as (
    select
        *,
        row_number() over (partition by order_id order by touch_number) as place,
        count(*) over (partition by order_id) as touches_count,
        pow(0.5, datediff('second', touched_at, ordered_at) / (86400.0 * {{ var('attribution_half_life_days') }})) as freshness
    from led
),

weighted as (
    select
        *,
        cast(place = 1 as double) as first_weight,
        cast(place = touches_count as double) as last_weight,
        1.0 / touches_count as linear_weight,
        freshness / sum(freshness) over (partition by order_id) as time_decay_weight,
        case
            when touches_count = 1 then 1.0
            when touches_count = 2 then 0.5
            when place in (1, touches_count) then 0.4
            else 0.2 / (touches_count - 2)
        end as position_weight
    from placed
),

given as (
    select
        order_id,
        touch_id,
        customer_id,
        ordered_at,
        touched_at,
        channel,
        campaign_id,
        campaign,
        touches_count,
        cast(revenue_usd as decimal(18, 2)) as order_revenue_usd,
        {%- for model in models %}
        cast({{ model }}_weight as double) as {{ model }}_weight,
        {{ cdp.weighted_usd(model ~ '_weight', 'cast(revenue_usd as decimal(18, 2))') }} as {{ model }}_revenue_usd{{ ',' if not loop.last }}
        {%- endfor %}
    from weighted
    window upto as (partition by order_id order by place rows unbounded preceding)
),

final as (
    select * from given
    union all by name
    select
        orders.order_id,
        'none' as touch_id,
        orders.customer_id,
        orders.ordered_at,
        'none known' as channel,
        cast(0 as bigint) as touches_count,
        cast(orders.revenue_usd as decimal(18, 2)) as order_revenue_usd,
        {%- for model in models %}
        cast(1 as double) as {{ model }}_weight,
        cast(orders.revenue_usd as decimal(18, 2)) as {{ model }}_revenue_usd{{ ',' if not loop.last }}
        {%- endfor %}
    from orders
    anti join given on given.order_id = orders.order_id
)

select * from final
