-- One row per edge, with the customers that its two records belong to; the same one where the edge holds.
-- A generation carries it ordered by customer, so that the edges of one customer are read without the others'.
with edges as (
    select * from {{ source('identity', 'edges') }}
),

identity_map as (
    select * from {{ source('identity', 'identity_map') }}
),

final as (
    select
        lefts.customer_id as customer_id_l,
        rights.customer_id as customer_id_r,
        edges.*
    from edges
    inner join identity_map as lefts on lefts.record_id = edges.record_id_l
    inner join identity_map as rights on rights.record_id = edges.record_id_r
)

select * from final
