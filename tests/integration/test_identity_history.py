"""What history promises, on whole runs over the sample: any published map again, nothing lost with the warehouse."""

import json
import re
import shutil
from pathlib import Path

from tests.conftest import cdp
from warehouse.home import Home


def manifest(home: Path, generation: str) -> dict:
    return json.loads((Home(home).published / generation / "manifest.json").read_text())


def published_digest(home: Path, generation: str) -> str:
    return manifest(home, generation)["files"]["activation.duckdb"]["identity_map"]["digest"]


def test_a_lost_warehouse_loses_no_id_and_every_published_map_is_rebuilt_exactly(sample_run, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(sample_run, home, symlinks=True)
    first = Home(home).current.readlink().name
    (home / "warehouse.duckdb").unlink()
    record, customer_id = _somebody(home)
    (tmp_path / "ids.csv").write_text(f"record_id,customer_id\n{record},LOY-000101\n")
    assert "1 rows taken over" in cdp(home, "identity", "import-crosswalk", str(tmp_path / "ids.csv")).stdout

    assert cdp(home, "run").returncode == 0

    second = Home(home).current.readlink().name
    assert first != second
    assert published_digest(home, first) == published_digest(home, second)
    for generation in (first, second):
        moment = manifest(home, generation)["created_at"]
        told = cdp(home, "identity", "as-of", moment, "--out", str(tmp_path / "map.parquet")).stdout
        assert re.search(r"digest (\d+)", told)[1] == published_digest(home, generation)
    changes = _rows(
        home, "select change_type, customer_id, other_customer_id from identity_changes order by recorded_at"
    )
    assert changes[-1] == ["retired", "LOY-000101", customer_id]
    assert f"{customer_id} stands in its place" in cdp(home, "customer", "LOY-000101", "--masked").stdout


def test_a_moment_before_the_first_run_is_refused_with_the_moment_that_history_begins(sample_run):
    result = cdp(sample_run, "identity", "as-of", "2020-01-01")
    assert result.returncode == 1
    assert "History begins at" in result.stderr


def _somebody(home: Path) -> tuple[str, str]:
    ((record, customer_id),) = _rows(
        home, "select record_id, customer_id from identity_history where not is_device order by record_id limit 1"
    )
    return record, customer_id


def _rows(home: Path, query: str) -> list[list[str]]:
    lines = cdp(home, "sql", query, "--limit", "0").stdout.splitlines()[1:]
    return [line.split() for line in lines]
