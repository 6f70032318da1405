"""What is linked: a node per record and device, and what two nodes may not both hold.

Belongs here: nodes as the clusters and ids stages need them. Must not go here: what is compared (matching/people.py),
the linkage (linkage.py).
Concept: what is clustered has dense numbers in the order of record ids, so that a cluster's smallest number is its
smallest record id.
"""

import duckdb

from identity.roles import Roles
from warehouse.tables import columns_of


def load_nodes(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Make `node` of all records and devices: record_id, source, is_device, began_at (when the record or device first
    was)."""
    con.execute(f"create or replace temp table node as {_node_sql(con, roles)}")


def number_nodes(con: duckdb.DuckDBPyConnection) -> None:
    """Add node_no to `node`: dense, by record id."""
    con.execute("""
        create or replace temp table node as
        select (row_number() over (order by record_id) - 1)::integer as node_no, * from node order by node_no
    """)


def load_exclusive(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Make `node_exclusive` for the nodes that there are: node_no, kind, values; what a record holds of each exclusive
    identifier that was not cut."""
    con.execute(f"create or replace temp table node_exclusive as {_exclusive_sql(roles)}")


def _node_sql(con: duckdb.DuckDBPyConnection, roles: Roles) -> str:
    source = f"{roles.source}::varchar" if roles.source else "''"
    began = "created_at::timestamp" if "created_at" in columns_of(con, roles.records) else "null::timestamp"
    devices = f"""
        union all
        select record_id, min(source), true, min(first_seen_at)::timestamp
        from {roles.identifiers}
        where record_id not in (select record_id from records)
        group by record_id
    """
    return f"""
        with records as (
            select {roles.unique_id}::varchar as record_id, {source} as source, false as is_device, {began} as began_at
            from {roles.records}
        ),
        every as (from records {devices if roles.identifiers else ""})
        from every
    """


def _exclusive_sql(roles: Roles) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in roles.exclusive)
    free = ", ".join(f"'{source}'" for source in roles.duplicate_free)
    parts = ["select null::integer as node_no, null::varchar as kind, null::varchar[] as values where false"]
    if roles.identifiers and kinds:
        parts.append(f"""
            select node_no, identifier_type as kind, list(distinct identifier_value_std) as values
            from {roles.identifiers}
            join node using (record_id)
            where identifier_type in ({kinds}) and identifier_value_std is not null
                and record_id in (select {roles.unique_id} from {roles.records})
                and not exists (
                    select 1 from identity.cut_identifiers as cut
                    where cut.identifier_type = {roles.identifiers}.identifier_type
                        and cut.identifier_value_std = {roles.identifiers}.identifier_value_std
                )
            group by all
        """)
    if roles.source and free:
        parts.append(f"""
            select node_no, 'source:' || {roles.source} as kind, [record_id] as values
            from {roles.records}
            join node on {roles.unique_id}::varchar = node.record_id
            where {roles.source} in ({free})
        """)
    return " union all ".join(parts)
