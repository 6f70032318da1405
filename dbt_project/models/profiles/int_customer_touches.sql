-- Grain: one row per customer, day, channel and campaign by which it came to us. A visit without a campaign and without a
-- page that sent it tells of no channel and is no touch. Machines and our own people are left out by rule (int_customer_events),
-- and what the advertiser takes for a machine's click.
with identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),

-- ids of clicks and names of campaigns, as the advertising platforms know them
clicks as (
    select click_id, min(campaign_id) as campaign_id, bool_or(is_bot) as is_bot from {{ ref('int_ad_clicks') }} group by click_id
),

campaigns as (
    select campaign_id, platform, campaign_name, min(medium) as medium
    from {{ ref('int_campaign_costs') }}
    group by campaign_id, platform, campaign_name
),

arrivals as (
    select
        record_id,
        cast(occurred_at as date) as day,
        utm_source,
        utm_medium,
        utm_campaign,
        click_id,
        referrer_host,
        min(occurred_at) as occurred_at
    from {{ ref('int_customer_events') }}
    where utm_source is not null or click_id is not null or referrer_host is not null
    group by record_id, day, utm_source, utm_medium, utm_campaign, click_id, referrer_host
),

advertised as (
    select
        arrivals.record_id,
        arrivals.occurred_at,
        coalesce(by_click.campaign_id, by_name.campaign_id) as campaign_id,
        coalesce(arrivals.utm_campaign, by_click.campaign_name) as campaign,
        {{ cdp.touch_channel('coalesce(arrivals.utm_medium, by_click.medium)', 'arrivals.utm_source', 'arrivals.click_id', 'arrivals.referrer_host') }} as channel
    from arrivals
    left join clicks on clicks.click_id = arrivals.click_id
    left join campaigns as by_click on by_click.campaign_id = clicks.campaign_id
    left join campaigns as by_name
        on by_name.platform = arrivals.utm_source and by_name.campaign_name = arrivals.utm_campaign
    where not coalesce(clicks.is_bot, false)
),

touches as (
    select record_id, occurred_at, channel, campaign_id, campaign from advertised
    union all
    select record_id, occurred_at, channel, null, campaign_name
    from {{ ref('int_messages') }} as messages
    anti join {{ ref('int_internal_records') }} as internal on internal.record_id = messages.record_id
    where message_event = 'clicked'
),

-- a click in an e-mail and the visit that it leads to are one touch
by_day as (
    select
        concat_ws(':', identity_map.customer_id, cast(touches.occurred_at as date), touches.channel, touches.campaign_id) as touch_id,
        identity_map.customer_id,
        touches.channel,
        touches.campaign_id,
        min(touches.campaign) as campaign,
        min(touches.occurred_at) as occurred_at
    from touches
    inner join identity_map on identity_map.record_id = touches.record_id
    where touches.occurred_at is not null
    group by identity_map.customer_id, cast(touches.occurred_at as date), touches.channel, touches.campaign_id
),

-- numbered in the order of a customer's touches, so that the first and the last are found by one number
final as (
    select *, row_number() over (order by customer_id, occurred_at, touch_id) as touch_number from by_day
)

select * from final
