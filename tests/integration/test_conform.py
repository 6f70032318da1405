"""cdp.conform() in a small dbt project of its own: union, typed nulls, dollars, and what it says of a misfit.

Belongs here: the macro's promises. Must not go here: the real conformed models (their tests stand in their YAML).
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.home import PROJECT

CONTRACT = """
version: 2
models:
"""
COLUMNS = """
  - name: {name}
    config: {{contract: {{enforced: true}}}}
    columns:
      - {{name: order_id, data_type: varchar}}
      - {{name: ordered_at, data_type: timestamp}}
      - {{name: currency, data_type: varchar}}
      - {{name: total_amount, data_type: "decimal(18,2)"}}
      - {{name: note, data_type: varchar}}
      - {{name: total_usd, data_type: "decimal(18,2)"}}
"""
MODEL = """
with conformed as (
    {{{{ cdp.conform([
        ref('stg_shop__orders'),
        ref('{other}')
    ], derived=['total_usd']) }}}}
)
select conformed.*, {{{{ cdp.usd('conformed.total_amount') }}}} as total_usd
from conformed
{{{{ cdp.join_rates('conformed.currency', 'conformed.ordered_at') }}}}
"""
STAGING = {
    "stg_shop__orders": """
        select 'shop:1' as order_id, '2026-01-02' as ordered_at, ' eur ' as currency, 10 as total_amount, 'x' as note
    """,
    "stg_till__orders": "select 2.5 as total_amount, 'till:1' as order_id, 'XXX' as currency, 'unused' as shelf",
    "stg_keyless__orders": "select 1 as total_amount",
    "stg_foreign__orders": "select 1 as kilometres",
}
RATES = """currency,valid_from,usd_rate
USD,2024-01-01,1
EUR,2024-01-01,1.08
EUR,2026-01-02,1.2
EUR,2026-01-03,1.3
"""
USES = {"int_orders": "stg_till__orders", "int_keyless": "stg_keyless__orders", "int_foreign": "stg_foreign__orders"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The warehouse of one `dbt build`, and what it said of each node."""
    root = tmp_path_factory.mktemp("conform")
    for folder in ("models", "macros", "seeds"):
        (root / folder).mkdir()
    for macros in ("conform", "money"):
        shutil.copy(PROJECT / f"dbt_project/macros/{macros}.sql", root / "macros")
    shutil.copy(PROJECT / "dbt_project/models/conformed/int_exchange_rates.sql", root / "models")
    (root / "seeds" / "currencies.csv").write_text(RATES)
    (root / "dbt_project.yml").write_text("name: cdp\nversion: '1.0'\nprofile: cdp\nvars: {home_currency: USD}\n")
    warehouse = root / "warehouse.duckdb"
    (root / "profiles.yml").write_text(f"cdp: {{target: t, outputs: {{t: {{type: duckdb, path: '{warehouse}'}}}}}}\n")
    for name, sql in STAGING.items():
        (root / "models" / f"{name}.sql").write_text(sql)
    for name, other in USES.items():
        (root / "models" / f"{name}.sql").write_text(MODEL.format(other=other))
    (root / "models" / "_models.yml").write_text(CONTRACT + "".join(COLUMNS.format(name=name) for name in USES))

    # a process of its own: dbt keeps the warehouse open in this one
    dbt = [sys.executable, "-m", "dbt.cli.main", "build", "--project-dir", str(root), "--profiles-dir", str(root)]
    subprocess.run(dbt, cwd=root, capture_output=True, timeout=120, check=False)
    results = json.loads((root / "target" / "run_results.json").read_text())["results"]
    return warehouse, {node["unique_id"].split(".")[-1]: node["message"] for node in results}


def test_sources_are_united_by_name_and_what_one_lacks_is_a_typed_null(built: tuple[Path, dict[str, str]]) -> None:
    with duckdb.connect(str(built[0]), read_only=True) as con:
        rows = con.execute(
            "select order_id, cast(ordered_at as date)::varchar, note from int_orders order by 1"
        ).fetchall()
        types = con.execute("select distinct typeof(ordered_at), typeof(total_amount) from int_orders").fetchall()
    assert rows == [("shop:1", "2026-01-02", "x"), ("till:1", None, None)]
    assert types == [("TIMESTAMP", "DECIMAL(18,2)")]


def test_amounts_become_dollars_at_the_rate_of_their_day_and_null_where_the_currency_is_unknown(
    built: tuple[Path, dict[str, str]],
) -> None:
    with duckdb.connect(str(built[0]), read_only=True) as con:
        rows = con.execute("select order_id, total_usd from int_orders order by 1").fetchall()
    assert [(name, None if usd is None else float(usd)) for name, usd in rows] == [("shop:1", 12), ("till:1", None)]


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("int_keyless", "stg_keyless__orders lacks order_id, the key of int_keyless"),
        ("int_foreign", "stg_foreign__orders gives none of the 5 columns of int_foreign; it has: kilometres"),
    ],
)
def test_a_misfit_stops_the_build_and_says_what_to_do(
    built: tuple[Path, dict[str, str]], model: str, says: str
) -> None:
    message = built[1][model]
    assert says in message
    assert "Rename its columns" in message
