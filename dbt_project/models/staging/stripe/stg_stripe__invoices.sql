with source as (

    {{ cdp.typed('stripe', 'invoices') }}

),

renamed as (

    select
        -- ids
        'stripe:' || id as invoice_id,
        'stripe' as source,
        'stripe:' || customer as record_id,
        'stripe:' || subscription as subscription_id,

        -- text
        status,
        number,
        upper(currency) as currency,
        customer_email as email,

        -- numbers
        {{ cdp.cents('amount_due') }} as amount_due,
        {{ cdp.cents('amount_paid') }} as amount_paid,
        {{ cdp.cents('total') }} as total_amount,

        -- times
        {{ cdp.epoch_seconds('created') }} as created_at,
        {{ cdp.epoch_seconds('due_date') }} as due_at,
        {{ cdp.epoch_seconds('"status_transitions.paid_at"') }} as paid_at
    from source

)

select * from renamed
