-- One row per record or device and identifier. Values of one record that have one standard form are one row.
{%- set value = 'identifiers.identifier_value' %}
{%- set region = 'identifiers.region' %}

with identifiers as (

    select * from {{ ref('int_identifiers_unioned') }}

),

standardised as (

    select
        identifiers.*,
        case identifiers.identifier_type
            when 'email' then {{ cdp.std_of(value, 'email') }}
            when 'phone' then {{ cdp.std_of(value, 'phone', region) }}
            else {{ cdp.std_of(value, 'id') }}
        end as std,
        coalesce(
            {%- for kind in ['email', 'phone', 'id'] %}
            {{ cdp.cached_as(value, kind) }}.blocked_reason{{ ',' if not loop.last }}
            {%- endfor %}
        ) as cached_reason
    from identifiers
    {{ cdp.join_cached(value, 'email') }} and identifiers.identifier_type = 'email'
    {{ cdp.join_cached(value, 'phone', region) }} and identifiers.identifier_type = 'phone'
    {{ cdp.join_cached(value, 'id') }} and identifiers.identifier_type not in ('email', 'phone')

),

judged as (

    select
        *,
        coalesce(cached_reason, case identifier_type
            when 'email' then std_blocked_reason_email(identifier_value, std)
            when 'phone' then std_blocked_reason_phone(identifier_value, std)
            else std_blocked_reason_id(identifier_value, std)
        end) as blocked_reason
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
