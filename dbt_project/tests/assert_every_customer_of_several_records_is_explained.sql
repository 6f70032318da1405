-- Fails if a customer of several records and devices lacks the explanation of one of them, or does not hang together: all
-- but one of its records must hang on another record of the same customer.
with members as (
    select
        customer_id,
        count(*) as records_count
    from {{ source('identity', 'identity_map') }}
    group by 1
    having count(*) > 1
),

explained as (
    select
        explanations.customer_id,
        count(*) as explained_count,
        count(others.record_id) as attached_count,
        count(explanations.explanation) as said_count
    from {{ ref('identity_explanations') }} as explanations
    left join {{ ref('identity_explanations') }} as others
        on
            others.record_id = explanations.attached_to_record_id
            and others.customer_id = explanations.customer_id
    group by 1
)

select members.customer_id
from members
left join explained on explained.customer_id = members.customer_id
where
    coalesce(explained.explained_count, 0) <> members.records_count
    or explained.attached_count <> members.records_count - 1
    or explained.said_count <> members.records_count - 1
