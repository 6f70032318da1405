-- Grain: one row per known customer: the one thing to do next, by the first rule that holds, and why.
{%- set high_churn = var('subscription_churn_high_probability') %}
{{ config(materialized='view') }}
with customers as (
    select * from {{ ref('customers') }}
),

scores as (
    select * from {{ ref('int_traits_churn') }}
),

carts as (
    select identity_map.customer_id, max(carts.created_at) as abandoned_at
    from {{ ref('int_carts') }} as carts
    inner join {{ source('identity', 'identity_map') }} as identity_map on identity_map.record_id = carts.record_id
    where carts.is_abandoned and carts.created_at >= {{ cdp.as_of() }} - interval 7 day
    group by identity_map.customer_id
),

known as (
    select
        customers.*,
        scores.subscription_churn_probability_90_days,
        scores.repeat_purchase_probability_90_days,
        carts.abandoned_at
    from customers
    left join scores on scores.customer_id = customers.customer_id
    left join carts on carts.customer_id = customers.customer_id
),

ruled as (
    select
        customer_id,
        {# action, reason, condition: the first that holds #}
        {%- set rules = [
            ('solve the ticket', 'a severe ticket is open: service before sales', 'open_severe_tickets_count > 0'),
            ('call about the subscription', 'the subscription is likelier than most to end within 90 days', 'active_subscriptions_count > 0 and subscription_churn_probability_90_days >= ' ~ high_churn),
            ('answer the ticket', 'a ticket is open', 'open_tickets_count > 0'),
            ('leave alone', 'marketing by e-mail was refused', 'is_marketing_email_allowed = false'),
            ('ask for consent', 'nobody asked whether we may write', 'is_marketing_email_allowed is null'),
            ('remind of the cart', 'a cart was abandoned in the last 7 days', 'abandoned_at is not null'),
            ('win back', 'bought once, but not for a year', "lifecycle_stage = 'former_customer'"),
            ('make the first offer', 'knows us, has not bought yet', "lifecycle_stage = 'lead'"),
            ('recommend a product', 'likelier than not to buy within 90 days', 'repeat_purchase_probability_90_days >= 0.5'),
            ('keep informed', 'a customer for whom no other rule holds', 'true')
        ] %}
        case
            {%- for action, reason, condition in rules %}
            when {{ condition }} then {'action': '{{ action }}', 'reason': '{{ reason }}'}
            {%- endfor %}
        end as rule
    from known
)

select customer_id, rule.action as next_best_action, rule.reason as next_best_action_reason from ruled
