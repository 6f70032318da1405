-- Grain: one row per two customers whose records have an edge, but who were kept apart: how likely they are one person.
-- As clusters are made, by the mean evidence of all pairs of their records; a pair of which nothing was kept speaks as
-- two records drawn at random do, by the model's prior. Where a person has judged, nothing is left to doubt.
with people as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }} where not is_device
),

sizes as (
    select customer_id, count(*) as records_count from people group by 1
),

edges as (
    select * from {{ ref('int_customer_edges') }}
),

prior as (
    select coalesce(
        min(cast({{ cdp.json_text('evidence', 'prior') }} as double)),
        -(select log2(greatest(count(*), 2)) from people)
    ) as weight
    from edges
),

pairs as (
    select
        least(edges.customer_id_l, edges.customer_id_r) as customer_id_l,
        greatest(edges.customer_id_l, edges.customer_id_r) as customer_id_r,
        sum(edges.match_weight) as weights,
        count(*) as edges_count
    from edges
    inner join people as lefts on lefts.record_id = edges.record_id_l
    inner join people as rights on rights.record_id = edges.record_id_r
    where edges.customer_id_l <> edges.customer_id_r
    group by 1, 2
    having not bool_or(edges.kind = 'judgement')
),

final as (
    select
        pairs.customer_id_l, pairs.customer_id_r,
        {{ cdp.probability(
            '(pairs.weights + (lefts.records_count * rights.records_count - pairs.edges_count) * prior.weight)'
            ~ ' / (lefts.records_count * rights.records_count)'
        ) }} as same_person_probability
    from pairs
    cross join prior
    inner join sizes as lefts on lefts.customer_id = pairs.customer_id_l
    inner join sizes as rights on rights.customer_id = pairs.customer_id_r
)

select * from final
