-- Grain: one row per segment with a member who may be one person with another customer: how many members are expected to be false for
-- that. Merged, a condition that more records make true more often (int_segment_leanings) holds where it holds for either, any other where it
-- holds for both; a member who would be none is false, and so is one of two members.
with leanings as (
    select * from {{ ref('int_segment_leanings') }}
),
considered as (
    {{ cdp.long_conditions(ref('int_segment_conditions')) }}
),
masks as (
    select
        segment,
        cast(coalesce(sum(bit) filter (where is_any_of), 0) as bigint) as any_of,
        cast(coalesce(sum(bit) filter (where not is_any_of), 0) as bigint) as all_of
    from leanings
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
final as (
    select
        segment, count(*) as pairs_count,
        sum(same_person_probability * (
            case when are_both_members and is_member_together then 1 when are_both_members then 2 when is_member_together then 0 else 1 end
        )) as false_count
    from apart
    group by 1
)
select * from final
