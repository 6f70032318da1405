"""The customers that go on as they are: nobody came, nobody left, and with no other id did they ever share a record.

Belongs here: telling them apart from the rest. Must not go here: which cluster keeps which id (claims.py).
Concept: whoever holds all the records of a cluster, and no others, is its customer; nobody can claim it. Ids of other
customers never meet theirs, so the rest is judged without them, and comes to what judging all would have come to.

Makes these temporary tables:
  published_map      the published identity_map; `previous_map` keeps what of it is not settled
  settled            cluster_id, customer_id, records_count (person records)
  unsettled_cluster  record_id, cluster_id: the rest of identity.clusters
"""

import duckdb


def set_settled_apart(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables named above, and take what is settled out of `previous_map`, `previous_period` and `imported_id`.

    `used_id` keeps the ids of all.
    """
    con.execute(f"create or replace temp table settled as {_settled_sql()}")
    con.execute("""
        create or replace temp table unsettled_cluster as
        select record_id, cluster_id from identity.clusters anti join settled using (cluster_id)
    """)
    con.execute("drop table if exists published_map")
    con.execute("alter table previous_map rename to published_map")
    for table, known in (
        ("previous_map", "published_map"),
        ("previous_period", "previous_period"),
        ("imported_id", "imported_id"),
    ):
        con.execute(f"create or replace temp table {table} as from {known} anti join settled using (customer_id)")


def _settled_sql() -> str:
    """A record that had two ids, in use or retired, may be claimed for either; so may one that has an imported id.

    A cluster is named by its smallest record id, and all that is in it is compared as one hash: to look up every record
    among those published would take twice as long."""
    return """
        with shared as (
            select record_id from previous_period group by record_id having count(distinct customer_id) > 1
        ),
        contested as (
            select customer_id from previous_period semi join shared using (record_id)
            union
            select customer_id from previous_map semi join shared using (record_id)
            union
            select previous_map.customer_id
            from previous_map
            join imported_id using (record_id)
            where imported_id.customer_id not in (
                select customer_id from previous_period union all select customer_id from previous_map
            )
        ),
        now as (
            select
                cluster_id, count(*) filter (where not is_device) as records_count,
                bit_xor(hash(record_id, source, is_device)) as members
            from identity.clusters
            join node using (record_id)
            group by cluster_id
        ),
        before as (
            select customer_id, min(record_id) as cluster_id, bit_xor(hash(record_id, source, is_device)) as members
            from previous_map
            group by customer_id
        )
        select cluster_id, customer_id, records_count
        from now
        join before using (cluster_id, members)
        where customer_id not in (select customer_id from contested)
    """
