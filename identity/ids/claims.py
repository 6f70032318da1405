"""Which cluster goes on under which former id.

Belongs here: the rule, as one query. Must not go here: minting (assign.py), what is remembered (memory.py).
Concept: an id goes with the people who hold it. In this order:

1. An id goes to the cluster with most of the records that hold it, or, once it is retired, of those that held it last.
2. But a merge that is undone gives each side its own id back. Where a cluster has more records that last held an id
   merged into this one than records that held this one before, the merge is undone there: this id goes to the cluster
   with most of those who held it before the merge, however few, and the other has its former id again.
3. A cluster that several ids go to takes one in use before a retired one before an imported one, then a known
   customer's before a visitor's, then the oldest. The others are retired, or stay so.
4. But an id that was minted for a part that another id left behind when it was retired yields to that one, where both
   go to one cluster: what had been torn apart is whole again.

So a retired id comes back to the records that it was taken from, or not at all.
"""

from identity.ids.memory import IN_USE, RETIRED

# Of the parts of those who hold an id.
_LARGEST_FIRST = "shared_count desc, is_known desc, held_since nulls last, nodes_count desc, cluster_id"


def kept_ids_sql(clusters: str = "identity.clusters") -> str:
    """cluster_id → customer_id for the clusters that go on under a former id, from `holding`, `node` and clusters.

    clusters: the table of record_id and cluster_id; of accounts or households where it is theirs (groups/ids.py).
    """
    return f"""
        with clusters as (
            select cluster_id, count(*) as nodes_count, bool_or(not is_device) as is_known
            from {clusters}
            join node using (record_id)
            group by cluster_id
        ),
        {_parts(clusters)},
        {_undone_merges()},
        largest_parts as (
            select *
            from parts
            qualify row_number() over (
                partition by customer_id
                order by
                    case when customer_id in (select customer_id from undone) then own_count end desc,
                    {_LARGEST_FIRST}
            ) = 1
        ),
        customers as (
            select
                customer_id, bool_or(not is_device) as is_known, min(first_assigned_at) as first_assigned_at,
                min(held_from) as held_from  -- of two ids of one day, the older is that of the earlier run
            from holding
            group by customer_id
        ),
        {_torn()}
        select cluster_id, customer_id
        from largest_parts
        join customers using (customer_id)
        where not exists (
            select 1
            from torn
            join largest_parts as former on torn.former_id = former.customer_id
            where torn.customer_id = largest_parts.customer_id and former.cluster_id = largest_parts.cluster_id
        )
        qualify row_number() over (
            partition by cluster_id
            order by
                standing, customers.is_known desc, first_assigned_at nulls last, held_from nulls last,
                shared_count desc, customer_id
        ) = 1
    """


def _parts(clusters: str) -> str:
    """absorbed: which retired ids an id has records of, and when it first took some over. own: held before that."""
    return f"""
        absorbed as (
            select distinct taker.customer_id, former.customer_id as former_id, former.ended_at
            from holding as taker
            join holding as former using (record_id)
            where taker.standing in ({IN_USE}, {RETIRED}) and former.standing = {RETIRED}
                and former.ended_at < taker.ended_at
        ),
        first_absorbed as (select customer_id, min(ended_at) as absorbed_at from absorbed group by customer_id),
        parts as (
            select
                holding.customer_id,
                standing,
                cluster_id,
                clusters.is_known,
                nodes_count,
                count(*) as shared_count,
                min(held_from) as held_since,
                count(*) filter (where absorbed_at is null or held_from < absorbed_at) as own_count
            from holding
            join {clusters} as members using (record_id)
            join clusters using (cluster_id)
            left join first_absorbed on holding.customer_id = first_absorbed.customer_id
            group by all
        )
    """


def _undone_merges() -> str:
    return f"""
        heirs as (  -- of a retired id: where most of its records are
            select customer_id as former_id, cluster_id, shared_count as former_count
            from parts
            where standing = {RETIRED}
            qualify row_number() over (
                partition by customer_id
                order by {_LARGEST_FIRST}
            ) = 1
        ),
        undone as (
            select distinct parts.customer_id
            from parts
            join absorbed using (customer_id)
            join heirs using (former_id, cluster_id)
            where former_count > own_count
        )
    """


def _torn() -> str:
    return f"""
        born as (select customer_id, min(valid_from) as began_at from previous_period group by customer_id),
        using_now as (
            select *, count(*) over (partition by customer_id) as holders_count from holding where standing = {IN_USE}
        ),
        torn as (  -- ids in use from the moment that a former id ended, held by none but those who held that one then
            select part.customer_id, former.customer_id as former_id
            from using_now as part
            join born using (customer_id)
            join holding as former
                on part.record_id = former.record_id and former.standing = {RETIRED} and former.ended_at = began_at
            group by part.customer_id, former.customer_id, holders_count
            having count(*) = holders_count
        )
    """
