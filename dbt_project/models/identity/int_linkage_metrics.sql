-- Grain: one row per metric and dimension: what this run's linkage did, how far its data have moved from those that the
-- model was trained on, and how well it did on the canary.
{%- set pairs_at_least = var('drift_pairs_at_least') %}
with edges as (
    select * from {{ source('identity', 'edges') }}
),

cut_identifiers as (
    select * from {{ source('identity', 'cut_identifiers') }}
),

levels as (
    select * from {{ ref('int_agreement_levels') }}
),

canary_scores as (
    select * from {{ source('identity', 'canary_scores') }}
),

fields as (
    select
        field,
        sum(pairs_count) as pairs_count,
        sum(baseline_pairs_count) as baseline_pairs_count,
        sum(total_bits) / nullif(sum(pairs_count), 0) as mean_bits
    from levels
    group by field
),

-- a level that nobody is at counts as half a pair, since a share of nothing has no logarithm
shares as (
    select
        levels.field,
        greatest(levels.pairs_count, 0.5) / fields.pairs_count as share,
        greatest(levels.baseline_pairs_count, 0.5) / fields.baseline_pairs_count as baseline_share
    from levels
    inner join fields on fields.field = levels.field
    where fields.pairs_count >= {{ pairs_at_least }} and fields.baseline_pairs_count >= {{ pairs_at_least }}
),

stability as (
    select field, sum((share - baseline_share) * ln(share / baseline_share)) as population_stability_index
    from shares
    group by field
),

final as (
    select 'edges' as metric, coalesce(kind, 'all') as dimension, cast(count(*) as double) as value, 'pairs' as unit
    from edges
    group by grouping sets ((kind), ())
    union all
    select 'cut_edges', 'all', count(*), 'pairs' from edges where is_cut
    union all
    select 'judged_pairs', coalesce(rule, 'all'), count(*), 'pairs'
    from edges
    where kind = 'judgement'
    group by grouping sets ((rule), ())
    union all
    select 'cut_identifiers', coalesce(reason, 'all'), count(*), 'identifiers'
    from cut_identifiers
    group by grouping sets ((reason), ())
    union all
    select 'compared_pairs', field, pairs_count, 'pairs' from fields
    union all
    select 'mean_evidence', field, mean_bits, 'bits' from fields where mean_bits is not null
    union all
    select 'population_stability_index', field, population_stability_index, 'index' from stability
    union all
    select 'canary', measure, value, case when measure similar to '(pair|b3)_.*' then 'share' else 'count' end
    from canary_scores
)

select metric, 'all' as source, dimension, value, unit from final
