-- One row per call that a source sent: the widest table, so nothing is joined to it here.
with conformed as (

    {{ cdp.conform([
        ref('stg_segment__events')
    ]) }}

)

select * from conformed
