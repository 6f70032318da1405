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
        {{ cdp.stripe_amount('amount_due', 'currency') }} as amount_due,
        {{ cdp.stripe_amount('amount_paid', 'currency') }} as amount_paid,
        {{ cdp.stripe_amount('total', 'currency') }} as total_amount,

        -- times
        {{ cdp.epoch_seconds('created') }} as created_at,
        {{ cdp.epoch_seconds('due_date') }} as due_at,
        {{ cdp.epoch_seconds('"status_transitions.paid_at"') }} as paid_at
    from source

)

select * from renamed
