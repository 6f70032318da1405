"""dbt's models of the identity layer, rendered without dbt: tests of many runs need seconds, not minutes."""

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml
from jinja2 import Environment, Template

from warehouse.home import PROJECT
from warehouse.run import RunContext
from warehouse.tables import columns_of, find_table

VARS = yaml.safe_load((PROJECT / "dbt_project" / "dbt_project.yml").read_text())["vars"]
MODELS = PROJECT / "dbt_project" / "models" / "identity"
MACROS = PROJECT / "dbt_project" / "macros"


@cache
def template(file: Path) -> Template:
    """Compiled once: that takes longer than most queries of a small world."""
    return Environment().from_string(file.read_text())


class Macros:
    """The macros of dbt_project/macros that these models call: of house.sql written again, of history.sql its own."""

    def __init__(self, con: duckdb.DuckDBPyConnection, run: RunContext) -> None:
        self.con, self.run = con, run
        history, metrics = (
            template(MACROS / file).make_module({"cdp": self}) for file in ("history.sql", "metrics.sql")
        )
        self.known_and_learned, self.learned_at = history.known_and_learned, history.learned_at
        self.retired_ids = history.retired_ids
        self.beside_the_run_before = metrics.beside_the_run_before

    def run_started_at(self) -> str:
        return f"timestamp '{self.run.started_at}'"

    def as_of(self) -> str:
        return f"timestamp '{self.run.as_of}'"

    def run_id(self) -> str:
        return f"'{self.run.run_id}'"

    def previous(self, part: str, table: str, columns: dict[str, str]) -> str:
        found = find_table(self.con, "previous" if part == "customers" else f"previous_{part}", table)
        known = columns_of(self.con, found) if found else {}
        picked = ", ".join(f"{name if name in known else 'null'}::{kind} as {name}" for name, kind in columns.items())
        return f"select {picked} {f'from {found}' if found else 'where false'}"


def build(con: duckdb.DuckDBPyConnection, run: RunContext, model: str) -> None:
    """Make identity.<model> as dbt would."""
    macros: Any = {
        "cdp": Macros(con, run),
        "source": lambda schema, table: f"{schema}.{table}",
        "ref": lambda table: f"{'conformed' if table == 'int_records' else 'identity'}.{table}",
        "var": VARS.__getitem__,
    }
    sql = template(MODELS / f"{model}.sql").render(macros)
    con.execute(f"create or replace table identity.{model} as {sql}")
