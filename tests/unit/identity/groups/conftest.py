"""Small towns: customers with addresses, companies with people, resolved into groups and published, run after run."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from identity.groups.resolve import resolve_groups
from tests.unit.identity.models import build
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext

TABLES = {
    "conformed.int_records": "record_id, source, family_name_std, email_std, street_std, house_number_std, unit_std, "
    "city_std, postal_code_std, country_std, company_name_std, created_at timestamp, updated_at timestamp",
    "conformed.int_identifiers": "record_id, identifier_type, identifier_value_std",
    "conformed.int_accounts": "account_record_id, name_std, domain_std, country_std, created_at timestamp, "
    "updated_at timestamp",
    "conformed.int_account_members": "account_record_id, record_id",
    "identity.identity_map": "record_id, customer_id, is_device boolean",
    "identity.run_changes": "change_type, customer_id, other_customer_id, record_id",
}
SHORT = {
    "family": "family_name_std", "street": "street_std", "house": "house_number_std", "unit": "unit_std",
    "city": "city_std", "postal": "postal_code_std", "country": "country_std", "company": "company_name_std",
    "at": "updated_at", "name": "name_std", "domain": "domain_std",
}  # fmt: skip
MODELS = ("group_changes", "int_group_history", "retired_groups")
Row = dict[str, object]


class Town:
    """Each `run` resolves accounts and households, and publishes the answer as the previous generation."""

    def __init__(self, home: Home, con: duckdb.DuckDBPyConnection) -> None:
        self.home, self.con, self.runs = home, con, 0
        self.rows: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.run_id = ""
        self.merged: dict[str, list[str]] = {}

    def person(self, customer: str, *, shares: str = "", record: str = "", **fields: object) -> "Town":
        """A record of a customer; shares: an e-mail address or a phone number."""
        record = record or f"shop:{customer}:{len(self.rows['conformed.int_records'])}"
        named = {SHORT.get(name, name): value for name, value in fields.items()}
        self.rows["conformed.int_records"].append({"record_id": record, "source": "shop", **named})
        self.rows["identity.identity_map"].append({"record_id": record, "customer_id": customer, "is_device": False})
        if shares:
            kind = "email" if "@" in shares else "phone"
            self.identifier(record, kind, shares)
        return self

    def identifier(self, record: str, kind: str, value: str) -> "Town":
        self.rows["conformed.int_identifiers"].append(
            {"record_id": record, "identifier_type": kind, "identifier_value_std": value}
        )
        return self

    def lives(self, customer: str, family: str, door: str = "elm st 1", **fields: object) -> "Town":
        street, house = door.rsplit(" ", 1)
        return self.person(customer, family=family, street=street, house=house, **{"postal": "10115", **fields})

    def company(self, record: str, name: str | None = None, *people: str, **fields: object) -> "Town":
        named = {SHORT.get(key, key): value for key, value in fields.items()}
        self.rows["conformed.int_accounts"].append({"account_record_id": record, "name_std": name, **named})
        self.rows["conformed.int_account_members"] += [{"account_record_id": record, "record_id": p} for p in people]
        return self

    def forget(self, customer: str) -> "Town":
        gone = {row["record_id"] for row in self.rows["identity.identity_map"] if row["customer_id"] == customer}
        for table in ("conformed.int_records", "conformed.int_identifiers", "identity.identity_map"):
            self.rows[table] = [row for row in self.rows[table] if row["record_id"] not in gone]
        return self

    def forget_company(self, record: str) -> "Town":
        table = "conformed.int_accounts"
        self.rows[table] = [row for row in self.rows[table] if row["account_record_id"] != record]
        return self

    def merge(self, gone: str, into: str) -> "Town":
        """Two customers turn out to be one person, as the run's changes of identity say."""
        for row in self.rows["identity.identity_map"]:
            if row["customer_id"] == gone:
                row["customer_id"] = into
                self.merged.setdefault(gone, []).append(str(row["record_id"]))
        return self._changed("retired", gone, into)

    def unmerge(self, gone: str, into: str) -> "Town":
        """They are two after all."""
        records = self.merged.pop(gone)
        for row in self.rows["identity.identity_map"]:
            row["customer_id"] = gone if row["record_id"] in records else row["customer_id"]
        return self._changed("restored", gone, into)

    def _changed(self, change_type: str, customer: str, other: str) -> "Town":
        change = {"change_type": change_type, "customer_id": customer, "other_customer_id": other}
        self.rows["identity.run_changes"].append(change)
        return self

    def run(self) -> dict[str, dict[str, str]]:
        """Gives member → id of `accounts` and of `households`."""
        self.runs += 1
        moment = datetime(2026, 1, 1) + timedelta(days=self.runs - 1)
        run = RunContext(f"run{self.runs}", moment, moment)
        self.run_id = run.run_id
        self.load()
        self.counts = resolve_groups(self.home, self.con, run)
        for model in MODELS:
            build(self.con, run, model)
        self.rows["identity.run_changes"] = []
        self.publish()
        return {
            "accounts": dict(
                self.con.execute("select account_record_id, account_id from identity.account_map").fetchall()
            ),
            "households": dict(
                self.con.execute("select customer_id, household_id from identity.household_map").fetchall()
            ),
        }

    def households(self) -> dict[str, str]:
        return self.run()["households"]

    def accounts(self) -> dict[str, str]:
        return self.run()["accounts"]

    def load(self) -> None:
        for table, columns in TABLES.items():
            typed = ", ".join(name if " " in name else f"{name} varchar" for name in columns.split(", "))
            self.con.execute(f"create schema if not exists {table.split('.')[0]}")
            self.con.execute(f"create or replace table {table} ({typed})")
            for row in self.rows[table]:
                places = ", ".join(f"${name}" for name in row)
                self.con.execute(f"insert into {table} ({', '.join(row)}) values ({places})", row)

    def publish(self) -> None:
        carried = ("account_map", "household_map", "int_group_history")
        for name, tables in {"previous_activation": carried, "previous": ("group_changes", "retired_groups")}.items():
            self.attach(name)
            for table in tables:
                self.con.execute(f"create or replace table {name}.main.{table} as from identity.{table}")

    def attach(self, *names: str) -> None:
        """The published files of those names, made if they are not there."""
        for name in names:
            self.con.execute(f"attach if not exists '{self.home.root / name}.duckdb' as {name}")

    def copied(self, folder: Path) -> "Town":
        """The same town once more, in a home of its own; this one is closed."""
        self.con.close()
        shutil.copytree(self.home.root, folder)
        copy = Town(Home(folder), self.con)
        copy.rows, copy.runs = deepcopy(self.rows), self.runs
        copy.open()
        return copy

    def open(self) -> None:
        """After the connection was closed."""
        self.con = connect(self.home)
        self.attach("previous_activation", "previous")

    def changes(self, entity: str) -> list[tuple[str, str, str | None]]:
        """This run's changes of groups, without those of single members."""
        return self.con.execute(
            "select change_type, group_id, other_group_id from identity.group_run_changes "
            "where entity = $entity and change_type not in ('joined', 'left') order by all",
            {"entity": entity},
        ).fetchall()

    def rules(self, entity: str) -> list[tuple[str, bool]]:
        return self.con.execute(f"select rule, is_cut from identity.{entity}_edges order by all").fetchall()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    home = Home(tmp_path / "home").prepare()
    with closing(connect(home)) as con:
        yield Town(home, con)
