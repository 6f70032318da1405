-- Grain: one row per segment whose conditions rest on fields that systems may be wrong about: how many members are expected to be
-- false for that. How likely is a value wrong? Systems that differ are each right as often as any other. What one system alone holds
-- is doubted as the values of its field and age are that can be compared. No value is wrong where a record has one that could not be
-- read. And is a member false then? A wrong permission is the opposite; any other value is drawn anew, and the conditions that
-- rest on it hold as often as among all who meet the other conditions.
with uses as (
    {{ cdp.fields_of_segments() }}
),
fields as (
    select distinct field from uses
),
definitions as (
    select segment, unnest(conditions) as condition, cast(pow(2, generate_subscripts(conditions, 1) - 1) as bigint) as bit
    from {{ ref('int_segment_definitions') }}
),
rests as (
    select uses.segment, uses.field, cast(sum(definitions.bit) as bigint) as mask
    from uses
    inner join definitions on definitions.segment = uses.segment and definitions.condition = uses.condition
    group by uses.segment, uses.field
),
patterns as (
    {{ cdp.failure_patterns(ref('int_segment_conditions')) }}
),
flips as (
    select
        rests.segment, rests.field,
        case
            when rests.field in ({{ cdp.texts(cdp.customer_permissions().keys() | list) }}) then 1
            else 1 - sum(patterns.customers_count) filter (where patterns.failed = 0) / sum(patterns.customers_count)
        end as false_probability
    from rests
    inner join patterns on patterns.segment = rests.segment and (patterns.failed | rests.mask) = rests.mask
    group by rests.segment, rests.field
),
-- what each system says of a customer: its best candidate
said as (
    select
        customer_id, held.field, source,
        min_by(strip_accents(lower(trim(value))), rank) as value,
        min(rank) = 1 as is_golden,
        coalesce(min_by(is_stale, rank), false) as is_stale
    from {{ ref('customer_fields') }} as held
    semi join fields on fields.field = held.field
    group by customer_id, held.field, source
),
compared as (
    select
        *,
        count(*) over (partition by customer_id, field) as systems_count,
        1 - count(*) over (partition by customer_id, field, value) / count(*) over (partition by customer_id, field) as wrong_share
    from said
),
rates as (
    select field, is_stale, avg(wrong_share) as wrong_share from compared where systems_count > 1 group by field, is_stale
),
golden as (
    select
        compared.customer_id, compared.field,
        case when compared.systems_count > 1 then compared.wrong_share else coalesce(rates.wrong_share, 0) end as wrong_probability
    from compared
    left join rates on rates.field = compared.field and rates.is_stale = compared.is_stale
    where compared.is_golden
),
unread as (
    select
        identity_map.customer_id,
        unnest([
            case when records.email_blocked_reason = 'unreadable' then 'email' end,
            case when records.phone_blocked_reason = 'unreadable' then 'phone' end,
            {%- for field in ['full_name', 'given_name', 'family_name', 'gender', 'street', 'house_number', 'city', 'region', 'postal_code', 'country', 'company_name'] %}
            case when records.{{ field }} is not null and records.{{ field }}_std is null then '{{ field }}' end{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as field
    from {{ ref('int_records') }} as records
    inner join {{ source('identity', 'identity_map') }} as identity_map on identity_map.record_id = records.record_id
),
lost as (
    select distinct unread.customer_id, unread.field
    from unread
    semi join fields on fields.field = unread.field
    anti join golden on golden.customer_id = unread.customer_id and golden.field = unread.field
),
doubts as (
    select customer_id, field, wrong_probability from golden
    union all
    select customer_id, field, 1 from lost
),
members as (
    select
        members.segment, members.customer_id,
        product(1 - doubts.wrong_probability * coalesce(flips.false_probability, 0)) as right_probability
    from {{ ref('segment_members') }} as members
    inner join flips on flips.segment = members.segment
    inner join doubts on doubts.customer_id = members.customer_id and doubts.field = flips.field
    group by members.segment, members.customer_id
),
expected as (
    select segment, sum(1 - right_probability) as false_count from members group by segment
),
final as (
    select
        named.segment, named.fields, cast(coalesce(expected.false_count, 0) as double) as false_count
    from (select segment, string_agg(field, ', ' order by field) as fields from rests group by segment) as named
    left join expected on expected.segment = named.segment
)
select * from final
