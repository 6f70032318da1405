-- Grain: one row per record or device of a customer that has at least two of them.
-- A customer of n records has n - 1 rows that say why, and one, its first record, on which the others hang.
with attachments as (
    select * from {{ source('identity', 'attachments') }}
),

final as (
    select
        customer_id,
        record_id,
        is_device,
        attached_to_record_id,
        kind,
        rule,
        match_weight,
        explanation,
        evidence,
        is_bridge,
        split_records_count,
        records_count,
        min(match_weight) over (partition by customer_id) as weakest_link_weight,
        min(case when is_bridge then match_weight end) over (partition by customer_id) as weakest_bridge_weight
    from attachments
)

select * from final
