with conformed as (

    {{ cdp.conform([
        ref('stg_klaviyo__messages')
    ]) }}

)

select * from conformed
