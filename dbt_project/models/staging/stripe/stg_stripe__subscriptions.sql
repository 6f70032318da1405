-- Product and interval are those of the first item; amount and quantity are sums over all items.
with source as (

    {{ cdp.typed('stripe', 'subscriptions') }}

),

items as (

    select
        id,
        position,
        {{ cdp.json_texts('item', ['quantity', 'price.unit_amount', 'price.product', 'price.recurring.interval']) }} as item
    from {{ cdp.explode_json('source', '"items.data"') }}

),

totals as (

    select
        id,
        sum(coalesce(try_cast(item[1] as bigint), 1)) as quantity,
        sum(coalesce(try_cast(item[1] as bigint), 1) * try_cast(item[2] as bigint)) as period_minor_units,
        max(item[3]) filter (where position = 1) as product_id,
        max(item[4]) filter (where position = 1) as billing_interval
    from items
    group by id

),

renamed as (

    select
        -- ids
        'stripe:' || source.id as subscription_id,
        'stripe' as source,
        'stripe:' || source.customer as record_id,
        totals.product_id,

        -- text
        source.status,
        upper(source.currency) as currency,
        totals.billing_interval,

        -- numbers
        cast(totals.quantity as bigint) as quantity,
        {{ cdp.stripe_amount('totals.period_minor_units', 'source.currency') }} as period_amount,

        -- flags
        source.cancel_at_period_end as is_ending,

        -- times
        {{ cdp.epoch_seconds('source.created') }} as created_at,
        {{ cdp.epoch_seconds('source.start_date') }} as started_at,
        {{ cdp.epoch_seconds('source.current_period_start') }} as current_period_start_at,
        {{ cdp.epoch_seconds('source.current_period_end') }} as current_period_end_at,
        {{ cdp.epoch_seconds('source.trial_end') }} as trial_end_at,
        {{ cdp.epoch_seconds('source.canceled_at') }} as canceled_at,
        {{ cdp.epoch_seconds('source.ended_at') }} as ended_at
    from source
    left join totals on totals.id = source.id

)

select * from renamed
