-- One row per deal of the sales team.
with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__deals')
    ], derived=['amount_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.amount') }} as amount_usd
    from conformed
    {{ cdp.join_rates('conformed.currency', 'coalesce(conformed.closed_at, conformed.created_at)') }}

)

select * from in_dollars
