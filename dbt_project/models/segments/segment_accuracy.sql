-- Grain: one row per segment: how many members are expected to be false, by what the linkage model itself is unsure of, and by the
-- quality of the values that its conditions rest on (int_segment_doubts). Two mistakes of identity make members false. Records of
-- two people in one profile: every link that holds a profile may be wrong by the model's own bits (a rule's declared bits are no
-- probability), and then the larger part is a member as often as profiles of its size are, compared with the whole. Records of one
-- person in two profiles: merged, a condition that more records make true more often (any_of) holds where it holds for either, any
-- other where it holds for both; a member who would be none is false, and so is one of two members.
with definitions as (
    select segment, unnest(conditions) as condition, cast(pow(2, generate_subscripts(conditions, 1) - 1) as bigint) as bit
    from {{ ref('int_segment_definitions') }}
),
sizes as (
    select customer_id, records_count from {{ ref('customers') }}
),
considered as (
    {{ cdp.long_conditions(ref('int_segment_conditions')) }}
),
-- sizes above eight are too few to tell apart
patterns as (
    select considered.segment, cast(considered.failed as bigint) as failed, least(sizes.records_count, 8) as records_count, count(*) as customers_count
    from considered
    inner join sizes on sizes.customer_id = considered.customer_id
    group by 1, 2, 3
),
leanings as (
    select
        definitions.segment, definitions.bit,
        summed.fails_size / summed.total - (summed.fails / summed.total) * (summed.size / summed.total) < 0 as is_any_of
    from definitions
    inner join (
        select
            definitions.segment, definitions.bit,
            cast(sum(patterns.customers_count) as double) as total,
            sum(patterns.customers_count * patterns.records_count) as size,
            coalesce(sum(patterns.customers_count) filter (where (patterns.failed // definitions.bit) % 2 = 1), 0) as fails,
            coalesce(sum(patterns.customers_count * patterns.records_count) filter (where (patterns.failed // definitions.bit) % 2 = 1), 0) as fails_size
        from definitions
        inner join patterns on patterns.segment = definitions.segment
        group by 1, 2
    ) as summed on summed.segment = definitions.segment and summed.bit = definitions.bit
),
masks as (
    select
        segment,
        cast(coalesce(sum(bit) filter (where is_any_of), 0) as bigint) as any_of,
        cast(coalesce(sum(bit) filter (where not is_any_of), 0) as bigint) as all_of
    from leanings
    group by 1
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
merged as (
    select
        members.segment,
        count(distinct members.customer_id) as linked_count,
        sum(links.wrong_probability * greatest(1 - coalesce(parts.rate, 0) / nullif(wholes.rate, 0), 0)) as false_count
    from {{ ref('segment_members') }} as members
    inner join links on links.customer_id = members.customer_id
    inner join rates as wholes on wholes.segment = members.segment and wholes.records_count = least(links.records_count, 8)
    left join rates as parts on parts.segment = members.segment and parts.records_count = least(links.left_count, 8)
    group by 1
),
apart as (
    select
        masks.segment, pairs.same_person_probability,
        lefts.failed = 0 and rights.failed = 0 as are_both_members,
        ((lefts.failed & rights.failed) & masks.any_of) + ((lefts.failed | rights.failed) & masks.all_of) = 0 as is_member_together
    from {{ ref('int_apart_customers') }} as pairs
    inner join considered as lefts on lefts.customer_id = pairs.customer_id_l
    inner join considered as rights on rights.customer_id = pairs.customer_id_r and rights.segment = lefts.segment
    inner join masks on masks.segment = lefts.segment
    where lefts.failed = 0 or rights.failed = 0
),
split as (
    select
        segment, count(*) as pairs_count,
        sum(same_person_probability * (
            case when are_both_members and is_member_together then 1 when are_both_members then 2 when is_member_together then 0 else 1 end
        )) as false_count
    from apart
    group by 1
),
counted as (
    select
        segments.segment, segments.members_count,
        coalesce(merged.false_count, 0) as merged_count,
        coalesce(split.false_count, 0) as split_count,
        coalesce(doubts.false_count, 0) as data_count,
        doubts.fields,
        coalesce(merged.linked_count, 0) as linked_members_count,
        coalesce(split.pairs_count, 0) as apart_pairs_count
    from {{ ref('segments') }} as segments
    left join merged on merged.segment = segments.segment
    left join split on split.segment = segments.segment
    left join {{ ref('int_segment_doubts') }} as doubts on doubts.segment = segments.segment
),
-- who is false already for one reason is not false once more for the other
final as (
    select
        *,
        (1 - least(merged_count + split_count, members_count) / nullif(members_count, 0)) * (1 - data_count / nullif(members_count, 0)) as precision
    from counted
)
select
    segment, members_count,
    cast(coalesce((1 - precision) * members_count, 0) as double) as expected_false_members_count,
    cast(precision as double) as expected_precision,
    cast(merged_count as double) as expected_of_merged_people_count,
    cast(split_count as double) as expected_of_split_people_count,
    cast(data_count as double) as expected_of_data_quality_count,
    fields as data_quality_fields,
    linked_members_count, apart_pairs_count
from final
