-- One row per subscription; the amount is that of one billing interval.
with conformed as (

    {{ cdp.conform([
        ref('stg_stripe__subscriptions')
    ], derived=['period_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.period_amount', 'rates.usd_rate') }} as period_usd
    from conformed
    {{ cdp.join_rates('conformed.currency') }}

)

select * from in_dollars
