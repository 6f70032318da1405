-- Grain: one row per account record, with the account it belongs to: first cut, the same domain or, without one, the same name.
-- An account is named after its founding record, so its id outlives changes of name and domain.
with accounts as (
    select * from {{ ref('int_accounts') }}
),
-- A name that stands with exactly one domain lends it to records without one.
domains_of_names as (
    select name_std, min(domain_std) as domain_std
    from accounts
    where name_std is not null and domain_std is not null
    group by 1
    having min(domain_std) = max(domain_std)
),
keyed as (
    select
        accounts.*,
        coalesce(
            'domain ' || coalesce(accounts.domain_std, domains_of_names.domain_std),
            'name ' || accounts.name_std,
            'record ' || accounts.account_record_id
        ) as match_key
    from accounts
    left join domains_of_names on domains_of_names.name_std = accounts.name_std
),
final as (
    select
        'acc_' || substr(md5(first_value(account_record_id) over (partition by match_key order by created_at nulls last, account_record_id)), 1, 20) as account_id,
        account_record_id, source, name, name_std, domain_std, industry, employees_count, annual_revenue_usd, country_std, city,
        owner_id, lifecycle_stage, created_at, updated_at,
        coalesce(updated_at, created_at) as recorded_at
    from keyed
)
select * from final
