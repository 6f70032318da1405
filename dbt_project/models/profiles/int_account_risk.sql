-- Grain: one row per account that is or was a customer, or uses the product: its health, and the reasons against it.
-- Rules that anyone can read, no prediction: health starts at 100 and each reason takes its points. A high risk is a fall of use
-- from a healthy base together with a reason from support, billing or the account's history, or a health below 50.
with accounts as (
    select account_id from {{ source('identity', 'account_map') }} group by 1
),
members_left as (
    -- an id that was merged has left, but the person may be there still, under the other; who is back has not left
    select account_id, count(*) as members_count
    from (
        select members.account_id, members.customer_id
        from {{ ref('account_members') }} as members
        left join {{ ref('retired_customers') }} as retired on retired.customer_id = members.customer_id
        where retired.current_customer_id is null
        group by 1, 2
        having max(members.left_at) >= {{ cdp.as_of() }} - interval 90 day and bool_and(members.left_at is not null)
    ) as lost
    group by 1
),
signals as (
    select
        accounts.account_id, measures.* exclude (account_id), usage.* exclude (account_id), members_left.members_count as members_left_count,
        {{ cdp.has_fallen('usage.events_last_14_days_count', 'usage.events_14_days_base', var('healthy_events_count')) }} as is_usage_falling,
        coalesce(usage.active_members_base_count >= 2 and 2 * usage.active_members_last_14_days_count < usage.active_members_base_count, false) as is_team_leaving,
        coalesce(measures.open_severe_tickets_count > 0, false) as has_severe_ticket,
        coalesce(
            measures.tickets_last_30_days_count >= 2
            and measures.tickets_last_30_days_count > measures.tickets_last_90_days_count - measures.tickets_last_30_days_count, false
        ) as has_rising_tickets,
        coalesce(measures.overdue_invoices_count > 0, false) as has_overdue_invoice,
        coalesce(measures.subscription_ended_at >= {{ cdp.as_of() }} - interval 90 day and measures.subscriptions_count = 0, false) as has_ended,
        coalesce(measures.renewal_at between {{ cdp.as_of() }} and {{ cdp.as_of() }} + interval 60 day, false) as is_renewing,
        coalesce(members_left.members_count > 0, false) as has_lost_members
    from accounts
    left join {{ ref('int_account_measures') }} as measures on measures.account_id = accounts.account_id
    left join {{ ref('int_account_usage') }} as usage on usage.account_id = accounts.account_id
    left join members_left on members_left.account_id = accounts.account_id
    where measures.subscriptions_count > 0 or measures.subscription_ended_at is not null or measures.orders_revenue_usd > 0
        or measures.invoices_revenue_usd > 0 or measures.won_deals_count > 0 or usage.events_last_90_days_count > 0
),
scored as (
    select
        *,
        nullif(concat_ws('; ',
            case when is_usage_falling then
                'product use fell by ' || cast(round(100 - 100 * events_last_14_days_count / events_14_days_base) as integer)
                || ' %: ' || events_last_14_days_count || ' events in 14 days, usually ' || round(events_14_days_base, 1) end,
            case when is_team_leaving then
                active_members_last_14_days_count || ' of ' || active_members_base_count || ' users are still active' end,
            case when has_severe_ticket then 'severe tickets open: ' || open_severe_tickets_count end,
            case when has_rising_tickets then
                'tickets rise: ' || tickets_last_30_days_count || ' in 30 days, '
                || (tickets_last_90_days_count - tickets_last_30_days_count) || ' in the 60 before' end,
            case when has_overdue_invoice then 'invoices overdue: ' || overdue_invoices_count end,
            case when has_ended then 'last subscription ended on ' || cast(subscription_ended_at as date) end,
            case when is_renewing then 'renews on ' || cast(renewal_at as date) end,
            case when has_lost_members then 'members left in 90 days: ' || members_left_count end
        ), '') as risk_reasons,
        greatest(0, 100
            - 40 * is_usage_falling::integer - 10 * is_team_leaving::integer - 20 * has_severe_ticket::integer
            - 10 * has_rising_tickets::integer - 15 * has_overdue_invoice::integer - 40 * has_ended::integer
            - 5 * is_renewing::integer - 10 * has_lost_members::integer
        ) as health_score
    from signals
),
final as (
    select
        account_id, health_score, risk_reasons, is_usage_falling,
        case
            when is_usage_falling and (has_severe_ticket or has_rising_tickets or has_overdue_invoice or has_ended or is_renewing or has_lost_members) then 'high'
            when health_score < 50 then 'high'
            when health_score < 80 then 'medium'
            else 'low'
        end as risk_level
    from scored
)
select * from final
