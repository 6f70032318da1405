-- Grain: one row per account and customer. A customer's primary account is the one joined last. role: all that the systems
-- call the customer there, since one tells a title and another only who writes in.
-- A record that its source links to no account, but that names a company in words, belongs to the one account of that name.
with account_members as (
    select * from {{ ref('int_account_members') }}
),
account_records as (
    select account_record_id, account_id, name_std from {{ ref('int_account_records') }}
),
records as (
    select record_id, company_name_std, coalesce(created_at, updated_at) as created_at from {{ ref('int_records') }}
),
identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
accounts_of_names as (
    select name_std, min(account_id) as account_id
    from account_records
    where name_std is not null
    group by 1
    having min(account_id) = max(account_id)
),
memberships as (
    select account_records.account_id, account_members.record_id, account_members.role, account_members.created_at
    from account_members
    inner join account_records on account_records.account_record_id = account_members.account_record_id
    union all
    select accounts_of_names.account_id, records.record_id, cast(null as varchar), records.created_at
    from records
    inner join accounts_of_names on accounts_of_names.name_std = records.company_name_std
    where records.record_id not in (select record_id from account_members)
),
members as (
    select
        memberships.account_id, identity_map.customer_id,
        string_agg(distinct nullif(trim(memberships.role), ''), ', ' order by nullif(trim(memberships.role), '')) as role,
        min(memberships.created_at) as since_at,
        max(memberships.created_at) as joined_at,
        count(*) as records_count
    from memberships
    inner join identity_map on identity_map.record_id = memberships.record_id
    group by 1, 2
),
final as (
    select
        *,
        row_number() over (partition by customer_id order by joined_at desc nulls last, records_count desc, account_id) = 1 as is_primary
    from members
)
select * from final
