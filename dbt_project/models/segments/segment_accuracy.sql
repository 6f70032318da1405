-- Grain: one row per segment: how many members are expected to be false, by what the linkage model itself is unsure of
-- (int_segment_merged_people, int_segment_split_people), and by the quality of what its conditions rest on: values that systems
-- hold (int_segment_doubts) and facts, such as orders and events (int_segment_fact_doubts).
with counted as (
    select
        segments.segment, segments.members_count,
        coalesce(merged.false_count, 0) as merged_count,
        coalesce(split.false_count, 0) as split_count,
        -- whoever is false for a value is not false once more for a fact; null where nothing is known of what a segment rests on
        case
            when doubts.segment is not null or fact_doubts.segment is not null
                then segments.members_count - (segments.members_count - coalesce(doubts.false_count, 0)) * coalesce(fact_doubts.right_share, 1)
        end as data_count,
        doubts.fields,
        fact_doubts.facts,
        coalesce(merged.linked_count, 0) as linked_members_count,
        coalesce(split.pairs_count, 0) as apart_pairs_count
    from {{ ref('segments') }} as segments
    left join {{ ref('int_segment_merged_people') }} as merged on merged.segment = segments.segment
    left join {{ ref('int_segment_split_people') }} as split on split.segment = segments.segment
    left join {{ ref('int_segment_doubts') }} as doubts on doubts.segment = segments.segment
    left join {{ ref('int_segment_fact_doubts') }} as fact_doubts on fact_doubts.segment = segments.segment
),
-- who is false already for one reason is not false once more for the other
final as (
    select
        *,
        (1 - least(merged_count + split_count, members_count) / nullif(members_count, 0))
        * (1 - coalesce(data_count, 0) / nullif(members_count, 0)) as precision
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
    facts as data_quality_facts,
    linked_members_count, apart_pairs_count
from final
