-- One row per record or device and identifier. Values of one record that have one standard form are one row.
with identifiers as (

    select
        *,
        case when identifier_type in ('email', 'phone') then identifier_type else 'id' end as kind,
        case when identifier_type = 'phone' then coalesce(region, '') else '' end as cached_region
    from {{ ref('int_identifiers_unioned') }}

),

cached as (

    select * from {{ ref('int_standardised_values') }} where value_type in ('email', 'phone', 'id')

),

standardised as (

    select
        identifiers.*,
        {{ cdp.std_by_kind(['email', 'phone', 'id'], 'identifiers.identifier_value', 'identifiers.region', 'cached.std') }} as std,
        cached.blocked_reason as cached_reason
    from identifiers
    left join cached
        on cached.value_type = identifiers.kind
        and cached.region = identifiers.cached_region
        and cached.raw = identifiers.identifier_value

),

judged as (

    select *, coalesce(cached_reason, {{ cdp.blocked_by_kind(['email', 'phone', 'id'], 'identifier_value') }}) as blocked_reason
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
