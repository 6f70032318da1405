-- Grain: one row per account, a company whichever systems know it.
with records as (
    select
        account_id,
        count(*) as account_records_count,
        count(distinct source) as sources_count,
        min(coalesce(created_at, updated_at)) as first_seen_at,
        max(recorded_at) as last_seen_at
    from {{ ref('int_account_records') }}
    group by 1
),
golden as (
    select
        account_id,
        {%- for fields in cdp.account_units().values() %}{% for field in fields %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        {%- endfor %}{% endfor %}
        count(*) as golden_values_count
    from {{ ref('account_fields') }}
    where is_winner
    group by 1
),
measures as (
    select * from {{ ref('int_account_measures') }}
),
usage as (
    select * from {{ ref('int_account_usage') }}
),
risk as (
    select * from {{ ref('int_account_risk') }}
),
committee as (
    select
        account_id,
        {%- for part in ['buyer', 'admin', 'evaluator', 'user'] %}
        count(*) filter (where buying_role = '{{ part }}') as {{ part }}s_count,
        {%- endfor %}
        count(*) filter (where is_engaged) as engaged_members_count,
        max(engaged_at) filter (where buying_role in ('buyer', 'admin', 'evaluator')) as committee_engaged_at
    from {{ ref('account_members') }}
    where is_current
    group by 1
),
owners as (
    select * from {{ ref('int_owners') }}
),
final as (
    select
        records.account_id,
        golden.name, golden.domain, golden.industry,
        cast(golden.employees_count as bigint) as employees_count,
        cast(golden.annual_revenue_usd as decimal(18,2)) as annual_revenue_usd,
        golden.country, golden.city, golden.lifecycle_stage,
        golden.owner_id, owners.full_name as owner_name,
        records.account_records_count, records.sources_count,
        {%- for count in ['members_count', 'open_deals_count', 'won_deals_count', 'open_tickets_count', 'open_severe_tickets_count'] %}
        coalesce(measures.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        {%- for amount in ['open_deals_usd', 'won_deals_usd', 'monthly_recurring_revenue_usd'] %}
        cast(coalesce(measures.{{ amount }}, 0) as decimal(18,2)) as {{ amount }},
        {%- endfor %}
        records.first_seen_at,
        greatest(records.last_seen_at, measures.last_seen_at) as last_seen_at,
        {%- for count in ['buyers_count', 'admins_count', 'evaluators_count', 'users_count', 'engaged_members_count'] %}
        coalesce(committee.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        committee.committee_engaged_at,
        {%- for count in ['events_last_30_days_count', 'events_last_90_days_count', 'events_last_14_days_count', 'active_members_last_30_days_count'] %}
        coalesce(usage.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        cast(coalesce(usage.events_14_days_base, 0) as double) as events_14_days_base,
        round(100 * (usage.events_last_14_days_count / nullif(usage.events_14_days_base, 0) - 1), 1) as usage_change_pct,
        usage.last_used_at, usage.last_contacted_at,
        {%- for count in ['tickets_count', 'tickets_last_30_days_count', 'tickets_last_90_days_count', 'subscriptions_count', 'overdue_invoices_count'] %}
        coalesce(measures.{{ count }}, 0) as {{ count }},
        {%- endfor %}
        {%- for amount in ['orders_revenue_usd', 'invoices_revenue_usd', 'unpaid_usd'] %}
        cast(coalesce(measures.{{ amount }}, 0) as decimal(18,2)) as {{ amount }},
        {%- endfor %}
        cast(coalesce(measures.orders_revenue_usd + measures.invoices_revenue_usd, 0) as decimal(18,2)) as revenue_usd,
        cast((measures.orders_revenue_usd + measures.invoices_revenue_usd) / nullif(measures.members_count, 0) as decimal(18,2)) as revenue_per_member_usd,
        measures.subscription_ended_at, measures.renewal_at,
        cast(risk.health_score as integer) as health_score, risk.risk_level, risk.risk_reasons
    from records
    left join golden on golden.account_id = records.account_id
    left join measures on measures.account_id = records.account_id
    left join usage on usage.account_id = records.account_id
    left join risk on risk.account_id = records.account_id
    left join committee on committee.account_id = records.account_id
    left join owners on owners.owner_id = golden.owner_id
)
select * from final
