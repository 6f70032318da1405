-- Grain: one row per account record, with the account that identity/ finds it to belong to.
with accounts as (
    select * from {{ ref('int_accounts') }}
),
account_map as (
    select account_record_id, account_id from {{ source('identity', 'account_map') }}
),
final as (
    select
        account_map.account_id,
        accounts.account_record_id, accounts.source, accounts.name, accounts.name_std, accounts.domain_std, accounts.industry,
        accounts.employees_count, accounts.annual_revenue_usd, accounts.country_std, accounts.city,
        accounts.owner_id, accounts.lifecycle_stage, accounts.created_at, accounts.updated_at,
        coalesce(accounts.updated_at, accounts.created_at) as recorded_at
    from accounts
    inner join account_map on account_map.account_record_id = accounts.account_record_id
)
select * from final
