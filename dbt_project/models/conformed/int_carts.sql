-- One row per checkout that was begun, finished or not.
with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__carts')
    ], derived=['total_usd']) }}

),

in_dollars as (

    select
        conformed.*,
        {{ cdp.usd('conformed.total_amount') }} as total_usd
    from conformed
    {{ cdp.join_rates('conformed.currency', 'conformed.created_at') }}

)

select * from in_dollars
