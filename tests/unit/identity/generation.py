"""A published generation in small: what explaining reads, from the tables that a World has resolved.

Belongs here: writing the three files by hand. Must not go here: assertions.
Concept: the masks are stood in for by md5, so that equal values stay equal and no raw value is in the masked file.
"""

import json

import duckdb

from identity.explaining.attachments import attach_records
from warehouse.home import Home

TABLES = {
    "customers": {
        "identity_explanations": "from identity.attachments order by customer_id, record_id",
        "customers": "select distinct customer_id from identity.identity_map where not is_device",
        "visitors": "select customer_id from identity.identity_map group by 1 having bool_and(is_device)",
        "retired_customers": "select null::varchar as customer_id, null::varchar as current_customer_id where false",
        "customer_identities": """
            select customer_id, record_id, identifier_type, 1 as identifier_ordinal, is_device, blocked_reason,
                md5(identifier_value) as identifier_value
            from every_identifier""",
    },
    "restricted": {
        "customer_identities": "select customer_id, record_id, identifier_type, 1 as identifier_ordinal, "
        "identifier_value from every_identifier",
    },
    "activation": {
        "identity_map": "from identity.identity_map order by record_id",
        "cut_identifiers": "from identity.cut_identifiers",
        "record_faces": "from identity.record_faces",
        "cut_blocks": "from identity.cut_blocks",
        "blocking_rules": "from identity.blocking_rules",
        "int_customer_edges": """
            select l.customer_id as customer_id_l, r.customer_id as customer_id_r, edges.*
            from identity.edges as edges
            join identity.identity_map as l on record_id_l = l.record_id
            join identity.identity_map as r on record_id_r = r.record_id
            order by all""",
    },
}
EVERY_IDENTIFIER = """
create or replace temp view every_identifier as
with found as (
    select record_id, identifier_type, identifier_value, blocked_reason from conformed.int_identifiers
    union select record_id, 'email', email_std, null from conformed.int_records where email_std is not null
    union select record_id, 'phone', phone_std, null from conformed.int_records where phone_std is not null
)
select identity_map.customer_id, identity_map.is_device, found.*
from found
join identity.identity_map using (record_id)
"""


def publish_generation(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Write the current generation of `home` from the identity that stands in the warehouse."""
    attach_records(con)
    con.execute(EVERY_IDENTIFIER)
    folder = home.published / "20260101T000000000000Z-run1"
    folder.mkdir(parents=True)
    for file, tables in TABLES.items():
        con.execute(f"attach '{folder / file}.duckdb' as out_{file}")
        for name, query in tables.items():
            con.execute(f"create table out_{file}.main.{name} as {query}")
        con.execute(f"detach out_{file}")
    (folder / "manifest.json").write_text(json.dumps({"tables": {}}))
    home.current.symlink_to(folder.name)
