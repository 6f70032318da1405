"""The canary: invented people of whom the truth is known, resolved in every run by the same code and the same model.

Belongs here: resolving canary.csv apart from everything else, and its score. Must not go here: the measures (score.py),
or which score is too low (expectations/identity__int_identity_metrics.yml).
Concept: nobody knows the truth about a company's own records. What a change of the code, the roles or the model does
to who is who shows on people of whom it is known.

canary.csv has a row per record: record_id, person_id (the truth), story (why the record is there), source, and a column
per role that any of them fills. Names, places and domains are invented; the phone numbers lie in ranges that nobody is
given. It was written once and is fixed: changing a row changes what every earlier score meant.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from identity.clustering.clusters import make_clusters
from identity.declared import read_records
from identity.matching.edges import score_edges
from identity.matching.model import load_model
from identity.roles import Roles, platform_roles
from identity.watching.score import Scores, score
from warehouse.connection import apply_settings
from warehouse.home import Home
from warehouse.tables import columns_of, put_in_place

CANARY = Path(__file__).with_name("canary.csv")


def score_canary(home: Home, con: duckdb.DuckDBPyConnection, roles: Roles | None = None) -> Scores | None:
    """Write identity.canary_scores (measure, value), and give the scores; no rows and None where the home has no model.

    Nothing else of the warehouse is touched: the canary is resolved in a database of its own, in memory.
    """
    roles = roles or platform_roles()
    scores = resolve_canary(home, roles) if load_model(home, roles) else None
    measured = scores or {}
    con.execute(
        "create or replace temp table canary_score as "
        "select unnest($measures)::varchar as measure, unnest($values)::double as value",
        {"measures": list(measured), "values": list(measured.values())},
    )
    put_in_place(con, {"identity.canary_scores": "from canary_score order by measure"}, "canary")
    return scores


def resolve_canary(home: Home, roles: Roles) -> Scores:
    """The canary's scores by the home's model for these roles; without one, it would be trained on the canary."""
    with duckdb.connect() as scratch:
        apply_settings(scratch, home)
        over_canary = _read(scratch, roles)
        score_edges(home, scratch, over_canary)
        make_clusters(scratch, over_canary)
        return score(
            scratch,
            "select record_id as unique_id, cluster_id as entity_id from identity.clusters",
            "select record_id as unique_id, person_id as entity_id from delivered",
        )


def _read(con: duckdb.DuckDBPyConnection, roles: Roles) -> Roles:
    """Standardise the canary; gives the same declaration over it. A role or attribute that it does not fill is null."""
    header = set(CANARY.read_text().partition("\n")[0].split(","))
    filled = {role: role for role in roles.roles if role in header}
    read_records(con, CANARY, replace(roles, unique_id="record_id", source="source", roles=filled, attributes={}))
    present = columns_of(con, "given_record")
    attributes = {name: f"attribute_{name}" for name in roles.attributes}
    absent = [column for column in (*roles.roles, *attributes.values()) if column not in present]
    con.execute(
        "create or replace temp table canary_record as "
        f"select *{''.join(f', null::varchar as {column}' for column in absent)} from given_record"
    )
    return replace(
        roles,
        records="canary_record",
        identifiers="given_identifier",
        unique_id="record_id",
        source="source",
        roles={role: role for role in roles.roles},
        attributes=attributes,
    )
