-- Grain: one row per record or device of our own people: of a customer with an e-mail address of ours, whichever record has it.
-- What they do on the site and in the product is no customer's doing. excluded_by: the rule that says so.
{%- do cdp.check_traffic_rules() %}
with rules as (
    select rule, pattern as domain from {{ ref('excluded_traffic') }} where kind = 'email_domain'
),

identity_map as (
    select record_id, customer_id from {{ source('identity', 'identity_map') }}
),

ours as (
    select identity_map.customer_id, min(rules.rule) as excluded_by
    from {{ ref('int_identifiers') }} as identifiers
    inner join rules on rules.domain = split_part(identifiers.identifier_value_std, '@', 2)
    inner join identity_map on identity_map.record_id = identifiers.record_id
    where identifiers.identifier_type = 'email'
    group by identity_map.customer_id
),

final as (
    select identity_map.record_id, ours.excluded_by
    from ours
    inner join identity_map on identity_map.customer_id = ours.customer_id
)

select * from final
