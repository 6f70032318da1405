-- Grain: one row per two customers whose records have an edge, but who were kept apart: how likely they are one person.
-- As clusters are made, by the mean evidence of the pairs of their records. Two records that both bear a full name can be
-- compared: where nothing was kept of them, they speak as two drawn at random do, by the model's prior. Any others of which
-- nothing was kept say nothing. Where a person has judged, nothing is left to doubt.
with people as (
    select
        identity_map.record_id, identity_map.customer_id,
        records.full_name_std is not null or (records.given_name_std is not null and records.family_name_std is not null) as is_named
    from {{ source('identity', 'identity_map') }} as identity_map
    inner join {{ ref('int_records') }} as records on records.record_id = identity_map.record_id
    where not identity_map.is_device
),

sizes as (
    select customer_id, count_if(is_named) as named_count from people group by 1
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
        count(*) as edges_count,
        count_if(lefts.is_named and rights.is_named) as named_edges_count
    from edges
    inner join people as lefts on lefts.record_id = edges.record_id_l
    inner join people as rights on rights.record_id = edges.record_id_r
    where edges.customer_id_l <> edges.customer_id_r
    group by 1, 2
    having not bool_or(edges.kind = 'judgement')
),

counted as (
    select
        pairs.*,
        greatest(lefts.named_count * rights.named_count - pairs.named_edges_count, 0) as silent_count
    from pairs
    inner join sizes as lefts on lefts.customer_id = pairs.customer_id_l
    inner join sizes as rights on rights.customer_id = pairs.customer_id_r
),

final as (
    select
        counted.customer_id_l, counted.customer_id_r,
        {{ cdp.probability(
            '(counted.weights + counted.silent_count * prior.weight) / (counted.edges_count + counted.silent_count)'
        ) }} as same_person_probability
    from counted
    cross join prior
)

select * from final
