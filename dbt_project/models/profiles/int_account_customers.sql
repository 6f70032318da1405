-- Grain: one row per account and customer. A customer's primary account is the one joined last.
with account_members as (
    select * from {{ ref('int_account_members') }}
),
account_records as (
    select account_record_id, account_id from {{ ref('int_account_records') }}
),
identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
members as (
    select
        account_records.account_id, identity_map.customer_id,
        max(account_members.created_at) as joined_at,
        count(*) as records_count
    from account_members
    inner join account_records on account_records.account_record_id = account_members.account_record_id
    inner join identity_map on identity_map.record_id = account_members.record_id
    group by 1, 2
),
final as (
    select
        *,
        row_number() over (partition by customer_id order by joined_at desc nulls last, records_count desc, account_id) = 1 as is_primary
    from members
)
select * from final
