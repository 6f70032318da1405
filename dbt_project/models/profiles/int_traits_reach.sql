-- Grain: one row per known customer: by which channels marketing may reach them. That takes somewhere to reach them at, and a
-- consent: never asked is no consent, nor is any decision against it.
with customers as (
    select customer_id, email, phone, street, city from {{ ref('customers') }}
),
allowed as (
    select
        customer_id,
        {%- for channel in cdp.channels() %}
        bool_or(is_allowed) filter (where channel = '{{ channel }}') as by_{{ channel }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_customer_consents') }}
    where purpose = 'marketing'
    group by 1
),
usage as (
    select customer_id, last_product_use_at from {{ ref('int_traits_usage') }}
),
final as (
    select
        customers.customer_id,
        customers.email is not null and coalesce(allowed.by_email, false) as is_reachable_by_email,
        customers.phone is not null and coalesce(allowed.by_sms, false) as is_reachable_by_sms,
        customers.phone is not null and coalesce(allowed.by_phone, false) as is_reachable_by_phone,
        coalesce(customers.email, customers.phone) is not null and coalesce(allowed.by_ads, false) as is_reachable_by_ads,
        usage.last_product_use_at is not null and coalesce(allowed.by_in_app, false) as is_reachable_by_in_app,
        customers.street is not null and customers.city is not null and coalesce(allowed.by_post, false) as is_reachable_by_post
    from customers
    left join allowed on allowed.customer_id = customers.customer_id
    left join usage on usage.customer_id = customers.customer_id
)
select * from final
