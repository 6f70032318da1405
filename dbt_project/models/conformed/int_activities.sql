with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__activities')
    ]) }}

)

select * from conformed
