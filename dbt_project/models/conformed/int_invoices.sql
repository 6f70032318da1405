-- One row per invoice.
with conformed as (

    {{ cdp.conform([
        ref('stg_stripe__invoices')
    ], derived=['amount_due_usd', 'amount_paid_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.amount_due', 'rates.usd_rate') }} as amount_due_usd,
        {{ cdp.usd('conformed.amount_paid', 'rates.usd_rate') }} as amount_paid_usd
    from conformed
    {{ cdp.join_rates('conformed.currency') }}

)

select * from in_dollars
