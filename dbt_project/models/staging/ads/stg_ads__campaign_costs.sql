with source as (

    {{ cdp.typed('ads', 'costs') }}

),

renamed as (

    select
        -- ids
        'ads:' || ad_id || ':' || "day" as campaign_cost_id,
        'ads' as source,
        lower(platform) || ':' || campaign_id as campaign_id,
        ad_id,

        -- text
        lower(platform) as platform,
        lower(medium) as medium,
        campaign_name,
        upper(currency) as currency,

        -- numbers
        coalesce(impressions, 0) as impressions_count,
        coalesce(clicks, 0) as clicks_count,
        cost as cost_amount,

        -- times
        "day" as cost_date
    from source

)

select * from renamed
