-- Grain: one row per known customer.
with traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customer_id,
        not is_reachable_by_email as is_not_reachable_by_email,
        not is_reachable_by_sms as is_not_reachable_by_sms,
        not is_reachable_by_phone as is_not_reachable_by_phone,
        not is_reachable_by_ads as is_not_reachable_by_ads,
        not is_reachable_by_in_app as is_not_reachable_by_in_app,
        not is_reachable_by_post as is_not_reachable_by_post
    from traits
)
select * from final
