"""Hand-made identity tables that are measured run after run, without dbt and without resolving anything.

Belongs here: the tables and the runs. Must not go here: what the figures should be (test_metrics.py).
"""

import json
from datetime import datetime, timedelta

import duckdb

from identity.roles import platform_roles
from tests.unit.identity.models import build
from warehouse.run import RunContext

# Two people known to two systems each, one of them twice to the crm; one known to the shop alone; two devices.
MAP = [
    ("crm:1", "crm", "ann", False),
    ("crm:2", "crm", "ann", False),
    ("shop:1", "shop", "ann", False),
    ("crm:3", "crm", "bob", False),
    ("shop:2", "shop", "bob", False),
    ("shop:3", "shop", "cid", False),
    ("web:1", "web", "ann", True),
    ("web:2", "web", "dee", True),
]
COLUMNS = ", ".join(f"{column} varchar" for column in platform_roles().roles.values())
TABLES = f"""
    create schema identity;
    create schema conformed;
    create table identity.identity_map (record_id varchar, source varchar, customer_id varchar, is_device boolean);
    create table identity.edges (
        record_id_l varchar, record_id_r varchar, kind varchar, rule varchar, match_weight double, evidence varchar,
        model_version varchar, is_cut boolean
    );
    create table identity.cut_identifiers (identifier_type varchar, reason varchar);
    create table identity.canary_scores (measure varchar, value double);
    create table conformed.int_records (record_id varchar, source varchar, {COLUMNS});
"""
RECORDS = """
    insert into conformed.int_records by name
    select record_id, source from identity.identity_map where not is_device
"""
MODELS = (
    "int_customer_edges",
    "int_agreement_levels",
    "int_customer_metrics",
    "int_linkage_metrics",
    "int_identity_metrics",
)
Figures = dict[tuple[str, str, str], float]


class Runs:
    """Each `run` measures the tables and publishes the measures as the previous generation."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.count = 0
        con.execute(TABLES)
        con.executemany("insert into identity.identity_map values (?, ?, ?, ?)", MAP)
        con.execute(RECORDS)

    def agree(self, levels: dict[str, int], model: str = "m1", bits: float = 8.0) -> None:
        """The only edges: so many of one customer at each level of their e-mail addresses."""
        self.con.execute("delete from identity.edges")
        for level, pairs in levels.items():
            evidence = json.dumps({"prior": -8.0, "email": [level, bits]})
            self.con.execute(
                "insert into identity.edges select 'crm:1', 'shop:1', 'probabilistic', 'names', 9.0, ?, ?, false "
                "from range(?)",
                [evidence, model, pairs],
            )

    def run(self) -> Figures:
        """Measure; gives the run's figures by metric, source and dimension."""
        self.count += 1
        moment = datetime(2026, 1, 1) + timedelta(days=self.count)
        run = RunContext(f"run{self.count}", moment, moment)
        for model in MODELS:
            build(self.con, run, model)
        for database in ("previous", "previous_activation"):
            self.con.execute(f"attach if not exists ':memory:' as {database}")
        levels = "int_agreement_levels"
        self.con.execute(f"create or replace table previous_activation.main.{levels} as from identity.{levels}")
        self.con.execute(
            "create or replace table previous.main.platform_metrics as "
            "select *, ?::timestamp as recorded_at from identity.int_identity_metrics",
            [moment],
        )
        rows = self.con.execute("select metric, source, dimension, value from identity.int_identity_metrics").fetchall()
        return {(metric, source, dimension): value for metric, source, dimension, value in rows}
