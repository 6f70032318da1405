-- One row per record and postal address as written that a source lists beside the record's own. New sources of such add their line here.
with conformed as (

    {{ cdp.conform([
        ref('stg_shopify__postal_addresses')
    ]) }}

)

select * from conformed
