"""Which cluster goes on under which former id.

Belongs here: the rule, as one query. Must not go here: minting (assign.py), what is remembered (memory.py).
Concept: an id goes with the people who hold it. In this order:

1. An id goes to the cluster with most of the records that hold it, or, once it is retired, of those that held it last.
2. But what is undone gives each side its own id back. Where records that an id took over from another go back to the
   others that the other stands for, and these are more than its own records there, it does not follow them: it goes to
   the cluster with most of its own, however few. Its own are those who held it before it first took any over.
3. A cluster that several ids go to takes one in use before a retired one before an imported one, then a known
   customer's before a visitor's, then the oldest. The others are retired, or stay so.
4. But an id that nobody held first, since all who hold it had another before, is that of a part torn off. It yields to
   that other one where both go to one cluster that is not the part alone: what had been torn apart is whole again.

So a retired id comes back to the records that it was taken from, or not at all.
"""

from identity.ids.memory import IN_USE

# Of the parts of those who hold an id.
_LARGEST_FIRST = "shared_count desc, is_known desc, held_since nulls last, nodes_count desc, cluster_id"


def kept_ids_sql(clusters: str) -> str:
    """cluster_id → customer_id for the clusters that go on under a former id, from `holding`, `node` and clusters.

    clusters: the table of record_id and cluster_id, of customers (settled.py), accounts or households (groups/ids.py).
    """
    return f"""
        with clusters as (
            select cluster_id, count(*) as nodes_count, bool_or(not is_device) as is_known
            from {clusters}
            join node using (record_id)
            group by cluster_id
        ),
        {_parts(clusters)},
        {_undone()},
        largest_parts as (
            select *
            from parts
            qualify row_number() over (
                partition by customer_id
                order by
                    case when customer_id in (select customer_id from undone) then own_count end desc,
                    (customer_id, cluster_id) in (select (customer_id, cluster_id) from undone),
                    {_LARGEST_FIRST}
            ) = 1
        ),
        customers as (
            select
                customer_id, bool_or(not is_device) as is_known,
                min(least(holding.first_assigned_at, born.first_assigned_at)) as first_assigned_at,
                min(held_from) as held_from  -- of two ids of one day, the older is that of the earlier run
            from holding
            left join (
                select customer_id, min(first_assigned_at) as first_assigned_at
                from previous_period
                group by customer_id
            ) as born using (customer_id)
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
                and (former.shared_count > common_count or largest_parts.shared_count < holders_count)
        )
        qualify row_number() over (
            partition by cluster_id
            order by
                standing, customers.is_known desc, first_assigned_at nulls last, held_from nulls last,
                shared_count desc, customer_id
        ) = 1
    """


def _parts(clusters: str) -> str:
    """earlier: what ids its holders had before an id took them over. own: whoever held it before it first did that."""
    return f"""
        earlier as (
            select distinct holding.customer_id, record_id, holding.held_from, former.customer_id as former_id
            from holding
            join previous_period as former using (record_id)
            where former.customer_id <> holding.customer_id and former.valid_from < holding.held_from
        ),
        first_taken as (select customer_id, min(held_from) as taken_at from earlier group by customer_id),
        parts as (
            select
                holding.customer_id,
                standing,
                cluster_id,
                clusters.is_known,
                nodes_count,
                count(*) as shared_count,
                min(held_from) as held_since,
                count(*) filter (where taken_at is null or held_from < taken_at) as own_count
            from holding
            join {clusters} as members using (record_id)
            join clusters using (cluster_id)
            left join first_taken on holding.customer_id = first_taken.customer_id
            group by all
        )
    """


def _undone() -> str:
    return f"""
        homes as (  -- of an id that others took records over from: where most of its own are, or most of all
            select customer_id as former_id, cluster_id, shared_count as former_count
            from parts
            where customer_id in (select former_id from earlier)
            qualify row_number() over (
                partition by customer_id
                order by own_count desc, {_LARGEST_FIRST}
            ) = 1
        ),
        undone as (
            select distinct parts.customer_id, parts.cluster_id
            from parts
            join (select distinct customer_id, former_id from earlier) using (customer_id)
            join homes using (former_id, cluster_id)
            where former_count > own_count
        )
    """


def _torn() -> str:
    return f"""
        parted as (  -- ids in use whose every holder had another before
            select customer_id, count(*) as holders_count
            from holding
            left join (select distinct customer_id, record_id, true as had_another from earlier) using (
                customer_id, record_id
            )
            join node using (record_id)
            where standing = {IN_USE}
            group by customer_id
            having count(*) = count(had_another)
        ),
        torn as (  -- common: records that hold the one, and hold or held last the other too
            select
                earlier.customer_id, former_id, any_value(holders_count) as holders_count,
                count(last.record_id) as common_count
            from earlier
            join parted using (customer_id)
            left join holding as last on former_id = last.customer_id and earlier.record_id = last.record_id
            group by earlier.customer_id, former_id
        )
    """
