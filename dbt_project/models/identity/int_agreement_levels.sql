-- Grain: one row per linkage model, field and level of agreement, counted among the pairs of records that are one customer.
-- baseline_pairs_count is what the first run of this model counted that had pairs enough; the model learned its weights on
-- data like that, so the distance from it says how far the data have moved away from the weights.
{%- set pairs_at_least = var('drift_pairs_at_least') %}
with before as (
    {{ cdp.previous('activation', 'int_agreement_levels', {
        'model_version': 'varchar',
        'field': 'varchar',
        'level': 'varchar',
        'baseline_pairs_count': 'bigint'
    }) }}
),

edges as (
    select * from {{ ref('int_customer_edges') }} where customer_id_l = customer_id_r and model_version is not null
),

-- evidence is {"field": ["level", bits], …}, beside entries that are no fields
agreements as (
    select
        edges.model_version,
        entries.key as field,
        entries.value ->> 0 as level,
        cast(entries.value ->> 1 as double) as bits
    from edges
    cross join json_each(edges.evidence) as entries
    where entries.type = 'ARRAY' and entries.key not in ('shared', 'names')
),

counted as (
    select model_version, field, level, count(*) as pairs_count, sum(bits) as total_bits
    from agreements
    group by model_version, field, level
),

versions as (
    select distinct model_version from edges
),

kept as (
    select before.*
    from before
    inner join versions on versions.model_version = before.model_version
    qualify sum(before.baseline_pairs_count) over (partition by before.model_version, before.field) >= {{ pairs_at_least }}
),

kept_fields as (
    select distinct model_version, field from kept
),

joined as (
    select
        coalesce(counted.model_version, kept.model_version) as model_version,
        coalesce(counted.field, kept.field) as field,
        coalesce(counted.level, kept.level) as level,
        coalesce(counted.pairs_count, 0) as pairs_count,
        coalesce(counted.total_bits, 0) as total_bits,
        coalesce(kept.baseline_pairs_count, 0) as baseline_pairs_count
    from counted
    full outer join kept
        on kept.model_version = counted.model_version and kept.field = counted.field and kept.level = counted.level
),

final as (
    select
        joined.model_version,
        joined.field,
        joined.level,
        joined.pairs_count,
        joined.total_bits,
        case
            when kept_fields.field is null then joined.pairs_count else joined.baseline_pairs_count
        end as baseline_pairs_count
    from joined
    left join kept_fields on kept_fields.model_version = joined.model_version and kept_fields.field = joined.field
)

select * from final
