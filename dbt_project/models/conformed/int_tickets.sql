with conformed as (

    {{ cdp.conform([
        ref('stg_zendesk__tickets')
    ]) }}

)

select * from conformed
