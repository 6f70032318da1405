with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__owners')
    ]) }}

)

select * from conformed
