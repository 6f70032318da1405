-- Grain: one row per segment with a member of several records: how many members are expected to be false because records of two people
-- are in one profile. Every link that holds a profile may be wrong by the model's own bits (a rule's declared bits are no
-- probability), and then the larger part is a member as often as profiles of its size are, compared with the whole.
with sizes as (
    select customer_id, records_count from {{ ref('customers') }}
),
patterns as (
    select * from {{ ref('int_segment_patterns') }}
),
-- a size with few customers is drawn to the whole, which counts as ten of them
rates as (
    select
        segment, records_count,
        (sum(customers_count) filter (where failed = 0) + 10 * max(share)) / (sum(customers_count) + 10) as rate
    from (
        select
            patterns.*,
            sum(case when failed = 0 then customers_count else 0 end) over (partition by segment)
            / sum(customers_count) over (partition by segment) as share
        from patterns
    )
    group by 1, 2
),
links as (
    select
        explanations.customer_id, sizes.records_count,
        greatest(sizes.records_count - greatest(coalesce(explanations.split_records_count, 1), 1), 1) as left_count,
        1 - {{ cdp.probability('own.weight') }} as wrong_probability
    from {{ ref('identity_explanations') }} as explanations
    inner join sizes on sizes.customer_id = explanations.customer_id
    inner join lateral (
        select sum(cast(case when json_type(each.value) = 'ARRAY' then each.value ->> 1 else each.value ->> '$' end as double)) as weight
        from json_each(explanations.evidence) as each
        where each.key not in ('shared', 'names')
    ) as own on own.weight is not null
    where not explanations.is_device and explanations.kind <> 'judgement' and explanations.attached_to_record_id is not null
),
final as (
    select
        members.segment,
        count(distinct members.customer_id) as linked_count,
        sum(links.wrong_probability * greatest(1 - coalesce(parts.rate, 0) / nullif(wholes.rate, 0), 0)) as false_count
    from {{ ref('segment_members') }} as members
    inner join links on links.customer_id = members.customer_id
    inner join rates as wholes on wholes.segment = members.segment and wholes.records_count = least(links.records_count, 8)
    left join rates as parts on parts.segment = members.segment and parts.records_count = least(links.left_count, 8)
    group by 1
)
select * from final
