-- Grain: one row per known customer.
with traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customer_id,
        coalesce(signed_up_at >= {{ cdp.as_of() }} - interval 90 day, false) as has_signed_up_in_last_90_days,
        coalesce(signed_up_at < {{ cdp.as_of() }} - interval 7 day, false) as has_had_a_week,
        onboarding_steps_done_count < {{ var('onboarding_events') | length }} as has_steps_left,
        coalesce(last_product_use_at < {{ cdp.as_of() }} - interval 7 day, true) as has_not_used_product_for_7_days
    from traits
)
select * from final
