"""A published generation of a handful of people, written by hand: what the commands of identity read."""

from pathlib import Path

import duckdb
import pytest

from warehouse.home import Home

GENERATION = "20261101T120000000000Z-tiny"
RECORDS = {  # record → customer, full name, revenue of the customer in dollars
    "crm:1": ("cus_ada", "ada canary", 5000),
    "shop:1": ("cus_ada", "ada canary", 5000),
    "shop:2": ("cus_ada", "a canary", 5000),
    "crm:2": ("cus_bea", "bea canary", 0),
    "shop:3": ("cus_cy", "cy canary", 100),
    "crm:3": ("cus_cyn", "cyn canary", 40),
}
EDGES = [
    ("crm:1", "shop:1", "deterministic", 14.0, False),
    ("crm:1", "shop:2", "probabilistic", 1.5, False),
    ("shop:1", "shop:2", "probabilistic", 0.5, False),
    ("crm:2", "shop:1", "probabilistic", -3.0, True),
    ("crm:3", "shop:3", "probabilistic", 0.2, False),
    ("crm:2", "shop:3", "probabilistic", -3.9, False),
]
DEVICE = "segment:anonymous:d1"


@pytest.fixture
def tiny_home(home: Home) -> Home:
    publish(home)
    return home


def publish(home: Home, edges=EDGES, records=RECORDS) -> None:
    folder = home.published / GENERATION
    folder.mkdir(exist_ok=True)
    _activation(folder / "activation.duckdb", edges, records)
    _customers(folder / "customers.duckdb", records)
    home.current.unlink(missing_ok=True)
    home.current.symlink_to(GENERATION)


def _activation(file: Path, edges, records) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute(
            "create table identity_map (record_id varchar, source varchar, customer_id varchar, is_device boolean, "
            "first_assigned_at timestamp, run_id varchar)"
        )
        rows = [(name, name.split(":")[0], customer, False) for name, (customer, _, _) in records.items()]
        rows.append((DEVICE, "segment", next(iter(records.values()))[0], True))
        _insert(con, "identity_map", [(*row, "2026-01-01", "run") for row in rows])
        con.execute("create table int_records (record_id varchar, source varchar, full_name_std varchar, "
                    "given_name_std varchar, email_std varchar, birth_date date)")  # fmt: skip
        people = [
            (name, name.split(":")[0], full, full.split()[0], f"{full.replace(' ', '.')}@example.com", "1980-02-03")
            for name, (_, full, _) in records.items()
        ]
        _insert(con, "int_records", people)
        con.execute(
            "create table int_customer_edges (record_id_l varchar, record_id_r varchar, kind varchar, rule varchar, "
            "match_weight double, match_probability double, evidence varchar, model_version varchar, is_cut boolean, "
            "cut_reason varchar)"
        )
        scored = [
            (a, b, kind, "rule", weight, 1 / (1 + 2**-weight), "{}", "model1", cut, None)
            for a, b, kind, weight, cut in edges
        ]
        _insert(con, "int_customer_edges", scored)


def _customers(file: Path, records) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("create table customers (customer_id varchar, lifetime_value_usd decimal(18, 2))")
        worth = {customer: usd for customer, _, usd in records.values()}
        _insert(con, "customers", list(worth.items()))
        con.execute("create table segment_members (segment varchar, customer_id varchar)")
        con.execute("insert into segment_members values ('loyal_customers', 'cus_ada')")


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple]) -> None:
    """Column by column: a row at a time takes a millisecond each."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    con.execute(f"insert into {table} select {', '.join('unnest(?)' for _ in columns)}", columns)
