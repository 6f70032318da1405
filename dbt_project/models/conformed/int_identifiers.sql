-- One row per record or device and identifier. Values of one record that have one standard form are one row.
{%- set kinds = ['email', 'phone', 'id'] %}
with identifiers as (

    select *, case when identifier_type in ('email', 'phone') then identifier_type else 'id' end as kind
    from {{ ref('int_identifiers_unioned') }}

),

standardised as (

    {{ cdp.standardised_by_kind('identifiers', 'identifier_value', kinds) }}

),

judged as (

    select *, coalesce(cached_reason, {{ cdp.blocked_by_kind(kinds, 'identifier_value') }}) as blocked_reason
    from standardised

),

usable as (

    select *, case when blocked_reason is null then std end as identifier_value_std from judged

),

grouped as (

    select
        record_id,
        source,
        identifier_type,
        min(identifier_value) as identifier_value,
        identifier_value_std,
        min(blocked_reason) as blocked_reason,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        cast(sum(coalesce(seen_count, 1)) as bigint) as seen_count
    from usable
    group by record_id, source, identifier_type, identifier_value_std, case when identifier_value_std is null then identifier_value end

)

select * from grouped
