-- One row per click on an advertisement, whether its visit is known or not.
with conformed as (

    {{ cdp.conform([
        ref('stg_ads__clicks')
    ]) }}

)

select * from conformed
