with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__order_lines'),
        ref('stg_pos__order_lines')
    ]) }}

)

select * from conformed
