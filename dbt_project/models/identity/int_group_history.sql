-- One row per account or household, member and period, from the first generation on, in recorded time: as identity_history,
-- for the groups. It is what gives a retired id back to those who held it last.
with before as (
    {{ cdp.previous('activation', 'int_group_history', {
        'entity': 'varchar',
        'member_id': 'varchar',
        'group_id': 'varchar',
        'first_assigned_at': 'timestamp',
        'valid_from': 'timestamp',
        'valid_to': 'timestamp'
    }) }}
),

current_members as (
    select 'account' as entity, account_record_id as member_id, account_id as group_id, first_assigned_at
    from {{ source('identity', 'account_map') }}
    union all
    select 'household', customer_id, household_id, first_assigned_at from {{ source('identity', 'household_map') }}
),

learned as (
    {{ cdp.learned_at('before') }}
),

continued as (
    select before.entity, before.member_id
    from before
    inner join current_members
        on current_members.entity = before.entity
        and current_members.member_id = before.member_id
        and current_members.group_id = before.group_id
        and current_members.first_assigned_at = before.first_assigned_at
    where before.valid_to is null
),

kept as (
    select
        before.entity, before.member_id, before.group_id, before.first_assigned_at, before.valid_from,
        case
            when before.valid_to is not null then before.valid_to
            when continued.member_id is null then learned.learned_at
        end as valid_to
    from before
    cross join learned
    left join continued on continued.entity = before.entity and continued.member_id = before.member_id
),

begun as (
    select
        current_members.entity, current_members.member_id, current_members.group_id, current_members.first_assigned_at,
        learned.learned_at as valid_from,
        cast(null as timestamp) as valid_to
    from current_members
    cross join learned
    left join continued
        on continued.entity = current_members.entity and continued.member_id = current_members.member_id
    where continued.member_id is null
),

periods as (
    select * from kept
    union all
    select * from begun
)

select * from periods
