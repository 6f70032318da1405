-- Grain: one row per account and customer. role: all that the systems call the customer there, since one tells a title and
-- another only who writes in; buying_role: the strongest part in buying that titles and deeds show; linked_by: the systems
-- whose own link says so, or the company's name in words, and with them an e-mail address at the account's domain.
-- A record that its source links to no account, but that names a company in words, belongs to the one account of that name.
-- A customer's primary account is the one with the newest evidence: the record that says so and was kept up to date last;
-- among equals the one whose domain the record's e-mail has.
with account_members as (
    select * from {{ ref('int_account_members') }}
),
account_records as (
    select account_record_id, account_id, name_std, domain_std from {{ ref('int_account_records') }}
),
records as (
    select
        record_id, company_name_std, split_part(email_std, '@', 2) as email_domain,
        coalesce(created_at, updated_at) as created_at, coalesce(updated_at, created_at) as recorded_at
    from {{ ref('int_records') }}
),
identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),
accounts_of_names as (
    select name_std, min(account_id) as account_id, min(domain_std) as domain_std
    from account_records
    where name_std is not null
    group by 1
    having min(account_id) = max(account_id)
),
memberships as (
    select
        account_records.account_id, account_records.domain_std, account_members.record_id, account_members.source as system,
        account_members.role, account_members.created_at
    from account_members
    inner join account_records on account_records.account_record_id = account_members.account_record_id
    union all
    select
        accounts_of_names.account_id, accounts_of_names.domain_std, records.record_id, cast(null as varchar),
        cast(null as varchar), records.created_at
    from records
    inner join accounts_of_names on accounts_of_names.name_std = records.company_name_std
    where records.record_id not in (select record_id from account_members)
),
roles as (
    select titles.role, buying_roles.buying_role
    from (select distinct role from memberships where role is not null) as titles
    inner join {{ ref('buying_roles') }} as buying_roles on regexp_matches(lower(titles.role), buying_roles.pattern)
),
deeds as (
    select record_id, 'buyer' as buying_role from {{ ref('int_subscriptions') }}
    union
    select record_id, 'evaluator' from {{ ref('int_deals') }} where record_id is not null
),
parts as (
    select identity_map.customer_id, memberships.account_id, roles.buying_role
    from memberships
    inner join identity_map on identity_map.record_id = memberships.record_id
    inner join roles on roles.role = memberships.role
    union
    select identity_map.customer_id, cast(null as varchar), deeds.buying_role
    from deeds
    inner join identity_map on identity_map.record_id = deeds.record_id
),
members as (
    select
        memberships.account_id, identity_map.customer_id,
        string_agg(distinct nullif(trim(memberships.role), ''), ', ' order by nullif(trim(memberships.role), '')) as role,
        string_agg(distinct memberships.system, ', ' order by memberships.system) as systems,
        bool_or(memberships.system is null) as is_named,
        min(memberships.created_at) as since_at,
        max(memberships.created_at) as joined_at,
        max(coalesce(greatest(records.recorded_at, memberships.created_at), memberships.created_at)) as evidence_at,
        coalesce(bool_or(records.email_domain = memberships.domain_std), false) as has_domain,
        count(*) as records_count
    from memberships
    inner join identity_map on identity_map.record_id = memberships.record_id
    left join records on records.record_id = memberships.record_id
    group by 1, 2
),
ranked as (
    select
        *,
        row_number() over (
            partition by customer_id
            order by evidence_at desc nulls last, has_domain desc, records_count desc, joined_at desc nulls last, account_id
        ) = 1 as is_primary
    from members
),
strongest as (
    select
        ranked.account_id, ranked.customer_id,
        min(case parts.buying_role when 'buyer' then 1 when 'admin' then 2 when 'evaluator' then 3 when 'user' then 4 end) as strength
    from ranked
    -- a deed names no account: it counts for the primary one
    inner join parts
        on parts.customer_id = ranked.customer_id
        and (parts.account_id = ranked.account_id or (parts.account_id is null and ranked.is_primary))
    group by 1, 2
),
final as (
    select
        ranked.account_id, ranked.customer_id, ranked.role,
        ['buyer', 'admin', 'evaluator', 'user'][strongest.strength] as buying_role,
        concat_ws(
            ', ', ranked.systems, case when ranked.is_named then 'company name' end, case when ranked.has_domain then 'e-mail domain' end
        ) as linked_by,
        ranked.since_at, ranked.joined_at, ranked.evidence_at, ranked.records_count, ranked.is_primary
    from ranked
    left join strongest on strongest.account_id = ranked.account_id and strongest.customer_id = ranked.customer_id
)
select * from final
