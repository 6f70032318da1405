with source as (

    {{ cdp.typed('ads', 'clicks') }}

),

renamed as (

    select
        -- ids
        'ads:' || click_id as ad_click_id,
        'ads' as source,
        click_id,
        lower(platform) || ':' || campaign_id as campaign_id,
        ad_id,

        -- text
        lower(platform) as platform,
        campaign_name,

        -- flags
        not coalesce(is_valid, true) as is_bot,

        -- times
        clicked_at
    from source

)

select * from renamed
