-- One row per record and postal address that it holds beside its own (int_records), in standard form: what orders carry. Addresses
-- that cannot be read or are nobody's are left out: they reach no one.
{%- set kinds = ['postal_address'] %}
with addresses as (

    select *, 'postal_address' as kind, cast(null as varchar) as region from {{ ref('int_postal_addresses_unioned') }}

),

standardised as (

    {{ cdp.standardised_by_kind('addresses', 'postal_address', kinds) }}

),

judged as (

    select *, coalesce(cached_reason, {{ cdp.blocked_by_kind(kinds, 'postal_address') }}) as blocked_reason from standardised

),

grouped as (

    select
        record_id,
        source,
        std as postal_address_std,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        cast(sum(seen_count) as bigint) as seen_count
    from judged
    where std is not null and blocked_reason is null
    group by record_id, source, std

)

select * from grouped
