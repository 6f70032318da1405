-- One row per advertisement and day.
with conformed as (

    {{ cdp.conform([
        ref('stg_ads__campaign_costs')
    ], derived=['cost_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.cost_amount') }} as cost_usd
    from conformed
    {{ cdp.join_rates('conformed.currency', 'conformed.cost_date') }}

)

select * from in_dollars
