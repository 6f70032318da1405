-- Grain: one row per segment whose conditions rest on facts: the share of members who are expected to be right as far as these go.
-- Conditions that rest on the same tables are one question, which one fact decides. How likely is that fact missing or misread? As the
-- rows of these tables are, taken together (int_fact_doubts). And is a member false then? The conditions are drawn anew, and hold
-- as often as among all who meet the other conditions.
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
    select tables.segment, tables.facts, cast(sum(definitions.bit) as bigint) as mask
    from tables_of_conditions as tables
    inner join definitions on definitions.segment = tables.segment and definitions.condition = tables.condition
    group by tables.segment, tables.facts
),
doubted as (
    select listed.facts, sum(doubts.doubted_count) / sum(doubts.sent_count) as wrong_probability
    from (select distinct facts, unnest(facts) as fact from questions) as listed
    inner join {{ ref('int_fact_doubts') }} as doubts on doubts.fact = listed.fact
    group by listed.facts
    having sum(doubts.sent_count) > 0
),
patterns as (
    select segment, failed, sum(customers_count) as customers_count from {{ ref('int_segment_patterns') }} group by segment, failed
),
flips as (
    select
        questions.segment, questions.facts,
        1 - coalesce(sum(patterns.customers_count) filter (where patterns.failed = 0), 0) / sum(patterns.customers_count) as false_probability
    from questions
    inner join patterns on patterns.segment = questions.segment and (patterns.failed | questions.mask) = questions.mask
    group by questions.segment, questions.facts
),
final as (
    select
        flips.segment,
        replace(array_to_string(list_sort(list_distinct(flatten(list(flips.facts)))), ', '), 'int_', '') as facts,
        product(1 - doubted.wrong_probability * flips.false_probability) as right_share
    from flips
    inner join doubted on doubted.facts = flips.facts
    group by flips.segment
)
select * from final
