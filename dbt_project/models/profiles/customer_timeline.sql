-- Grain: one row per touch between us and a known customer, a visitor or an account, from every system. Titles hold no free
-- text. Bots' events are left out. A touch counts for the account that it names, else for the customer's primary one.
with primary_accounts as (
    select customer_id, account_id from {{ ref('int_account_customers') }} where is_primary
),
account_records as (
    select account_record_id, account_id from {{ ref('int_account_records') }}
),
owners as (
    select identity_map.record_id, identity_map.customer_id, primary_accounts.account_id
    from {{ source('identity', 'identity_map') }} as identity_map
    left join primary_accounts on primary_accounts.customer_id = identity_map.customer_id
),
events as (
    select
        owners.customer_id, owners.account_id, events.event_id as touch_id, events.occurred_at,
        case when events.event_type in ('page', 'screen') then 'visit' else 'event' end as touch_type,
        coalesce(events.event_name, events.event_type) as title, 'customer' as actor, coalesce(events.channel, 'web') as channel, events.source,
        events.event_id as source_id, events.record_id, cast(null as decimal(18,2)) as amount_usd, events.known_by, events.known_at
    from {{ ref('int_customer_events') }} as events
    inner join owners on owners.record_id = events.record_id
),
system_touches as (
    select
        owners.customer_id, coalesce(account_records.account_id, owners.account_id), touches.touch_id, touches.occurred_at,
        touches.touch_type, touches.title, touches.actor, touches.channel, touches.source,
        touches.source_id, touches.record_id, touches.amount_usd,
        case when owners.customer_id is null then 'account' else 'record' end as known_by, touches.occurred_at as known_at
    from {{ ref('int_system_touches') }} as touches
    left join owners on owners.record_id = touches.record_id
    left join account_records on account_records.account_record_id = touches.account_record_id
    where owners.customer_id is not null or account_records.account_id is not null
),
-- who is one customer with whom; the id may itself have gone into another since
changes as (
    select
        changes.change_id, changes.change_type, changes.effective_at,
        case changes.change_type when 'merged' then changes.other_customer_id else changes.customer_id end as customer_id,
        case changes.change_type when 'merged' then changes.customer_id else changes.other_customer_id end as other_customer_id
    from {{ ref('identity_changes') }} as changes
    where changes.change_type in ('merged', 'split')
),
identity_touches as (
    select
        current_ids.customer_id, current_ids.account_id, 'identity:' || changes.change_id, changes.effective_at,
        case changes.change_type when 'merged' then 'merge' else 'split' end,
        case changes.change_type when 'merged' then 'Another profile merged into this one' else 'Split from another profile' end,
        'company', 'platform', 'platform', changes.other_customer_id, null, null, 'record', changes.effective_at
    from changes
    left join {{ ref('retired_customers') }} as retired on retired.customer_id = changes.customer_id
    inner join (select distinct customer_id, account_id from owners) as current_ids
        on current_ids.customer_id = coalesce(retired.current_customer_id, changes.customer_id)
),
final as (
    select * from events
    union all
    select * from system_touches
    union all
    select * from identity_touches
)
select * from final where occurred_at is not null
