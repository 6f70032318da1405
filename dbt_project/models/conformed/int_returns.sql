with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__returns'),
        ref('stg_pos__returns')
    ]) }}

)

select * from conformed
