-- One row per invoice.
with conformed as (

    {{ cdp.conform([
        ref('stg_stripe__invoices')
    ], derived=['amount_due_usd', 'amount_paid_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.amount_due') }} as amount_due_usd,
        {{ cdp.usd('conformed.amount_paid') }} as amount_paid_usd
    from conformed
    {{ cdp.join_rates('conformed.currency', 'conformed.created_at') }}

)

select * from in_dollars
