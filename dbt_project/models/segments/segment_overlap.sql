-- Grain: one row per two segments, the smaller name left: how many customers are in both.
-- Members are bits, in blocks of 65,536 customers; two segments are compared block by block.
with bitmaps as (
    {%- for segment in cdp.segment_columns() %}
    select '{{ segment }}' as segment, rowid // 65536 as block, bitstring_agg(cast(rowid % 65536 as integer), 0, 65535) as members
    from {{ ref('int_segment_conditions') }}
    where {{ segment }} = 0
    group by 2
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
shared as (
    select lefts.segment as segment_l, rights.segment as segment_r, sum(bit_count(lefts.members & rights.members)) as both_count
    from bitmaps as lefts
    inner join bitmaps as rights on rights.block = lefts.block and lefts.segment < rights.segment
    group by 1, 2
),
sizes as (
    select segment, members_count from {{ ref('segments') }}
),
final as (
    select
        lefts.segment as segment_l, rights.segment as segment_r,
        cast(coalesce(shared.both_count, 0) as bigint) as both_count,
        coalesce(shared.both_count, 0) / nullif(lefts.members_count, 0) as share_of_l,
        coalesce(shared.both_count, 0) / nullif(rights.members_count, 0) as share_of_r,
        coalesce(shared.both_count, 0) / nullif(lefts.members_count + rights.members_count - coalesce(shared.both_count, 0), 0) as jaccard
    from sizes as lefts
    inner join sizes as rights on lefts.segment < rights.segment
    left join shared on shared.segment_l = lefts.segment and shared.segment_r = rights.segment
)
select segment_l, segment_r, both_count, cast(share_of_l as double) as share_of_l, cast(share_of_r as double) as share_of_r, cast(jaccard as double) as jaccard
from final
