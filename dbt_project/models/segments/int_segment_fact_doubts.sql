-- Grain: one row per segment whose conditions rest on facts: the share of members who are expected to be right as far as these go.
-- Conditions that rest on the same tables are one question, which one fact decides. How likely is that fact missing, or misread? As the
-- rows of these tables are, taken together (int_fact_doubts). And is a member false then? A fact that is missing can only make
-- those conditions false that ask for an absence (int_segment_leanings), one that is misread any. These are drawn
-- anew, and hold as often as among all who meet the other conditions.
-- depends_on: {{ ref('source_of_truth') }}
with uses as (
    {{ cdp.facts_of_segments() }}
),
definitions as (
    select segment, unnest(conditions) as condition, cast(pow(2, generate_subscripts(conditions, 1) - 1) as bigint) as bit
    from {{ ref('int_segment_definitions') }}
),
tables_of_conditions as (
    select segment, condition, list(distinct fact order by fact) as facts from uses group by segment, condition
),
questions as (
    select
        tables.segment, tables.facts,
        cast(sum(definitions.bit) as bigint) as mask,
        cast(coalesce(sum(definitions.bit) filter (where leanings.is_of_absence), 0) as bigint) as mask_of_absence
    from tables_of_conditions as tables
    inner join definitions on definitions.segment = tables.segment and definitions.condition = tables.condition
    inner join {{ ref('int_segment_leanings') }} as leanings
        on leanings.segment = definitions.segment and leanings.bit = definitions.bit
    group by tables.segment, tables.facts
),
shares as (
    select
        listed.facts,
        sum(doubts.lost_count + doubts.unattached_count) / sum(doubts.sent_count) as missing_share,
        least(sum(doubts.unread_count) / sum(doubts.sent_count), 1) as misread_share
    from (select distinct facts, unnest(facts) as fact from questions) as listed
    inner join {{ ref('int_fact_doubts') }} as doubts on doubts.fact = listed.fact
    group by listed.facts
    having sum(doubts.sent_count) > 0
),
faults as (
    select questions.segment, questions.facts, 'missing' as fault, questions.mask_of_absence as mask, shares.missing_share as wrong_probability
    from questions
    inner join shares on shares.facts = questions.facts
    union all
    select questions.segment, questions.facts, 'misread', questions.mask, shares.misread_share
    from questions
    inner join shares on shares.facts = questions.facts
),
patterns as (
    select segment, failed, sum(customers_count) as customers_count from {{ ref('int_segment_patterns') }} group by segment, failed
),
-- of no condition, all who meet the others are members, and nobody is false
flips as (
    select
        faults.segment, faults.facts, faults.fault, faults.wrong_probability,
        1 - sum(patterns.customers_count) filter (where patterns.failed = 0) / sum(patterns.customers_count) as false_probability
    from faults
    inner join patterns on patterns.segment = faults.segment and (patterns.failed | faults.mask) = faults.mask
    group by all
),
final as (
    select
        segment,
        replace(array_to_string(list_sort(list_distinct(flatten(list(facts)))), ', '), 'int_', '') as facts,
        product(1 - wrong_probability * coalesce(false_probability, 1)) as right_share
    from flips
    group by segment
)
select * from final
