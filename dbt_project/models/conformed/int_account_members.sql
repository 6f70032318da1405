with conformed as (

    {{ cdp.conform([
        ref('stg_hubspot__account_members'),
        ref('stg_zendesk__account_members'),
        ref('stg_segment__account_members')
    ]) }}

)

select * from conformed
