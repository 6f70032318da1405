-- Grain: one row per advertising campaign: what it cost, whom it brought, and what orders it is given by each model.
with costs as (
    select
        campaign_id,
        min(platform) as platform,
        arg_max(campaign_name, cost_date) as name,
        arg_max(medium, cost_date) as medium,
        min(cost_date) as first_day,
        max(cost_date) as last_day,
        sum(impressions_count) as impressions_count,
        sum(clicks_count) as clicks_count,
        sum(cost_usd) as cost_usd
    from {{ ref('int_campaign_costs') }}
    group by campaign_id
),

clicks as (
    select campaign_id, count(*) filter (where is_bot) as bot_clicks_count from {{ ref('int_ad_clicks') }} group by campaign_id
),

touches as (
    select campaign_id, count(*) as touches_count, count(distinct customer_id) as customers_count
    from {{ ref('int_customer_touches') }}
    where campaign_id is not null
    group by campaign_id
),

orders as (
    select
        campaign_id,
        count(distinct order_id) as orders_count,
        {%- for model in ['first', 'last', 'linear', 'time_decay', 'position'] %}
        sum({{ model }}_revenue_usd) as {{ model }}_revenue_usd{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('attribution') }}
    where campaign_id is not null
    group by campaign_id
),

final as (
    select
        costs.campaign_id,
        costs.platform,
        costs.name,
        costs.medium,
        costs.first_day,
        costs.last_day,
        cast(costs.impressions_count as bigint) as impressions_count,
        cast(costs.clicks_count as bigint) as clicks_count,
        coalesce(clicks.bot_clicks_count, 0) as bot_clicks_count,
        coalesce(touches.touches_count, 0) as touches_count,
        coalesce(touches.customers_count, 0) as customers_count,
        coalesce(orders.orders_count, 0) as orders_count,
        cast(costs.cost_usd as decimal(18, 2)) as cost_usd,
        {%- for model in ['first', 'last', 'linear', 'time_decay', 'position'] %}
        cast(coalesce(orders.{{ model }}_revenue_usd, 0) as decimal(18, 2)) as {{ model }}_revenue_usd{{ ',' if not loop.last }}
        {%- endfor %}
    from costs
    left join clicks on clicks.campaign_id = costs.campaign_id
    left join touches on touches.campaign_id = costs.campaign_id
    left join orders on orders.campaign_id = costs.campaign_id
)

select * from final
