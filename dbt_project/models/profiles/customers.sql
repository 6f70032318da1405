-- Grain: one row per known customer, that is one with at least one person record.
-- Golden values are the winners of customer_fields; the rest is computed from what the customer did.
-- depends_on: {{ ref('identity_changes') }} so that assert_no_retired_customer_is_current runs with this layer.
with records as (
    select
        customer_id,
        count(*) as records_count,
        count(distinct source) as sources_count,
        coalesce(min(created_at), min(updated_at), min(first_assigned_at)) as known_at
    from {{ ref('int_customer_records') }}
    group by 1
),
golden as (
    select
        customer_id,
        {%- for fields in cdp.customer_units().values() %}{% for field in fields %}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        {%- endfor %}{% endfor %}
        {%- for field in cdp.customer_permissions() %}
        max(value) filter (where field = '{{ field }}') = 'true' as {{ field }},
        {%- endfor %}
        count(*) as golden_values_count
    from {{ ref('customer_fields') }}
    where is_winner
    group by 1
),
orders as (
    select * from {{ ref('int_customer_orders') }}
),
service as (
    select * from {{ ref('int_customer_service') }}
),
activity as (
    select * from {{ ref('int_customer_activity') }}
),
accounts as (
    select customer_id, account_id from {{ ref('int_account_customers') }} where is_primary
),
final as (
    select
        records.customer_id,
        golden.full_name, golden.given_name, golden.family_name, golden.email, golden.phone,
        cast(golden.birth_date as date) as birth_date, golden.gender,
        golden.street, golden.house_number, golden.city, golden.region, golden.postal_code, golden.country,
        golden.company_name, golden.job_title,
        accounts.account_id,
        case
            when coalesce(service.active_subscriptions_count, 0) > 0 then 'customer'
            when orders.last_order_at >= {{ cdp.as_of() }} - interval '{{ var("customer_active_days", 365) }}' day then 'customer'
            when orders.orders_count > 0 or orders.invoices_revenue_usd > 0 then 'former_customer'
            else 'lead'
        end as lifecycle_stage,
        records.known_at,
        least(records.known_at, activity.first_seen_at) as first_seen_at,
        greatest(records.known_at, activity.last_seen_at) as last_seen_at,
        records.sources_count, records.records_count,
        coalesce(orders.orders_count, 0) as orders_count,
        cast(coalesce(orders.orders_revenue_usd, 0) as decimal(18,2)) as orders_revenue_usd,
        cast(coalesce(orders.invoices_revenue_usd, 0) as decimal(18,2)) as invoices_revenue_usd,
        cast(coalesce(orders.orders_revenue_usd, 0) + coalesce(orders.invoices_revenue_usd, 0) as decimal(18,2)) as lifetime_value_usd,
        orders.first_order_at, orders.last_order_at,
        coalesce(service.active_subscriptions_count, 0) as active_subscriptions_count,
        coalesce(service.open_tickets_count, 0) as open_tickets_count,
        coalesce(service.open_severe_tickets_count, 0) as open_severe_tickets_count,
        golden.is_marketing_email_allowed
    from records
    left join golden on golden.customer_id = records.customer_id
    left join orders on orders.customer_id = records.customer_id
    left join service on service.customer_id = records.customer_id
    left join activity on activity.customer_id = records.customer_id
    left join accounts on accounts.customer_id = records.customer_id
)
select * from final
