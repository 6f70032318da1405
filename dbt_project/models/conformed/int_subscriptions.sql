-- One row per subscription; the amount is that of one billing interval: in dollars what it is worth today, or on its last day.
with conformed as (

    {{ cdp.conform([
        ref('stg_stripe__subscriptions')
    ], derived=['period_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.period_amount') }} as period_usd
    from conformed
    {{ cdp.join_rates('conformed.currency', 'coalesce(conformed.ended_at, conformed.canceled_at, ' ~ cdp.as_of() ~ ')') }}

)

select * from in_dollars
