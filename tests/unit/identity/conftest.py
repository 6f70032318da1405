"""Small hand-made worlds: records and identifiers as tables, resolved in a warehouse of their own."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from identity.ids.assign import assign_ids
from identity.resolve import resolve
from identity.roles import Roles
from tests.unit.identity.models import build
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

RECORD_COLUMNS = (
    "record_id", "source", "full_name_std", "given_name_std", "middle_name_std", "family_name_std", "birth_date",
    "gender_std", "email_std", "phone_std", "street_std", "house_number_std", "unit_std", "city_std", "region_std",
    "postal_code_std",
    "country_std", "national_id_std", "company_name_std", "created_at", "updated_at",
)  # fmt: skip
TYPES = {"birth_date": "date", "created_at": "timestamp", "updated_at": "timestamp"}
SHORT = {
    "given": "given_name_std",
    "family": "family_name_std",
    "email": "email_std",
    "phone": "phone_std",
    "born": "birth_date",
    "street": "street_std",
    "house": "house_number_std",
    "postal": "postal_code_std",
    "city": "city_std",
    "company": "company_name_std",
}
MODELS = ("identity_changes", "identity_history", "retired_customers", "int_customer_edges")
CARRIED = ("identity_map", "int_customer_edges", "record_faces", "cut_blocks", "blocking_rules")
NO_EDGES = """
    create or replace table identity.edges (
        record_id_l varchar, record_id_r varchar, kind varchar, rule varchar, match_weight double, is_cut boolean,
        cut_reason varchar
    );
    create or replace table identity.cut_identifiers (identifier_type varchar, identifier_value_std varchar);
    create or replace table identity.record_faces (record_id varchar, face ubigint);
    create or replace table identity.cut_blocks (rule varchar, key ubigint);
    create or replace table identity.blocking_rules (rule varchar, block_cap bigint, recipe varchar)
"""


class World:
    """A home with conformed tables; each `run` resolves them and publishes the answer as the previous generation."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.con = connect(home)
        self.con.execute("create schema if not exists conformed")
        self.records: dict[str, dict[str, str]] = {}
        self.identifiers: list[tuple[str, str, str]] = []
        self.runs = 0
        self.publishes = True
        self.as_of: datetime | None = None  # by default each run speaks of the day after the one before

    def record(self, record_id: str, user_id: str | None = None, **fields: str) -> "World":
        self.records[record_id] = {
            "source": record_id.split(":")[0],
            **{SHORT.get(key, key): value for key, value in fields.items()},
        }
        if user_id:
            self.identifiers.append((record_id, "user_id", user_id))
        return self

    def device(self, anonymous_id: str, *user_ids: str) -> "World":
        record_id = f"segment:anonymous:{anonymous_id}"
        self.identifiers.append((record_id, "anonymous_id", anonymous_id))
        self.identifiers += [(record_id, "user_id", user_id) for user_id in user_ids]
        return self

    def forget(self, record_id: str) -> None:
        self.records.pop(record_id, None)
        self.identifiers = [row for row in self.identifiers if row[0] != record_id]

    def load(self) -> None:
        columns = ", ".join(f"{name} {TYPES.get(name, 'varchar')}" for name in RECORD_COLUMNS)
        self.con.execute(f"create or replace table conformed.int_records ({columns})")
        rows = [
            [name if column == "record_id" else fields.get(column) for column in RECORD_COLUMNS]
            for name, fields in self.records.items()
        ]
        self._insert("conformed.int_records", rows)
        self.con.execute(
            "create or replace table conformed.int_identifiers (record_id varchar, source varchar, "
            "identifier_type varchar, identifier_value varchar, identifier_value_std varchar, blocked_reason varchar, "
            "first_seen_at timestamp, "
            "last_seen_at timestamp, seen_count bigint)"
        )
        self._insert(
            "conformed.int_identifiers",
            [
                [record, record.split(":")[0], kind, value, value, None, None, None, 1]
                for record, kind, value in self.identifiers
            ],
        )

    def _insert(self, table: str, rows: list[list]) -> None:
        """Whole columns at once: row by row takes a millisecond each."""
        if rows:
            columns = {f"c{place}": list(values) for place, values in enumerate(zip(*rows, strict=True))}
            picked = ", ".join(f"unnest(${place})" for place in columns)
            self.con.execute(f"insert into {table} select {picked}", columns)

    def run(self, roles: Roles | None = None) -> dict[str, str]:
        """Resolve, publish, and give record_id → customer_id."""
        self.load()
        run = self._begin()
        self.summary = resolve(self.home, self.con, run, roles=roles)
        return self.publish(run)

    def run_on(self, groups: Iterable[Iterable[str]]) -> dict[str, str]:
        """As run, but with the clusters given: for tests of ids alone."""
        self.load()
        run = self._begin()
        rows = [(record, min(group)) for group in map(sorted, groups) for record in group]
        self.con.execute("create schema if not exists identity")
        self.con.execute("create or replace table identity.clusters (record_id varchar, cluster_id varchar)")
        self.con.execute(
            "insert into identity.clusters select unnest($records), unnest($clusters)",
            {"records": [row[0] for row in rows], "clusters": [row[1] for row in rows]},
        )
        self.con.execute(NO_EDGES)
        assign_ids(self.home, self.con, run)
        return self.publish(run)

    def _begin(self) -> RunContext:
        self.runs += 1
        moment = datetime(2026, 1, 1) + timedelta(days=self.runs - 1)
        return RunContext(f"run{self.runs}", moment, self.as_of or moment)

    def publish(self, run: RunContext) -> dict[str, str]:
        """Build the models of identity, and make the answer the previous generation, as publishing/ does."""
        for model in MODELS:
            build(self.con, run, model)
        if not self.publishes:
            return {}
        for name, tables in {"previous_activation": CARRIED, "previous": MODELS}.items():
            self.con.execute(f"attach if not exists ':memory:' as {name}")
            for table in tables:
                self.con.execute(f"create or replace table {name}.main.{table} as from identity.{table}")
        return dict(self.con.execute("select record_id, customer_id from identity.identity_map").fetchall())

    def lose_warehouse(self) -> None:
        """Begin again with an empty file; what is published stays."""
        for (table,) in self.con.execute("select table_name from duckdb_tables() where temporary").fetchall():
            self.con.execute(f"drop table temp.{table}")
        for schema in ("identity", "conformed"):
            self.con.execute(f"drop schema {schema} cascade")
        self.con.execute("create schema conformed")

    def groups(self) -> set[frozenset[str]]:
        """The clusters as sets of record ids."""
        rows = self.con.execute("select list(record_id) from identity.clusters group by cluster_id").fetchall()
        return {frozenset(row[0]) for row in rows}

    def changes(self) -> list[tuple[str, str, str | None, str | None]]:
        """This run's changes: type, customer, other customer, record."""
        return self.con.execute(
            "select change_type, customer_id, other_customer_id, record_id from identity.run_changes order by all"
        ).fetchall()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Home(tmp_path / "home"))


@pytest.fixture
def memory() -> Callable[[], duckdb.DuckDBPyConnection]:
    return lambda: duckdb.connect(":memory:")
