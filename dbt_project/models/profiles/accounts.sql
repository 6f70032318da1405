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
        greatest(records.last_seen_at, measures.last_seen_at) as last_seen_at
    from records
    left join golden on golden.account_id = records.account_id
    left join measures on measures.account_id = records.account_id
    left join owners on owners.owner_id = golden.owner_id
)
select * from final
