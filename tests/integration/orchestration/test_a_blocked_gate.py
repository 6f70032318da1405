"""What a blocked gate does: the next layer does not run, and nothing is published."""

import hashlib
from pathlib import Path

import duckdb

from tests.integration.orchestration.conftest import run_selections
from warehouse.home import Home

BREAK_CUSTOMERS = "update profiles.customers set country = 'Nowhere' where rowid < 3"


def break_warehouse(home: Path, sql: str) -> None:
    with duckdb.connect(str(Home(home).warehouse)) as con:
        con.execute(sql)


def published_bytes(home: Path) -> dict[str, str]:
    """sha256 of every published file, and where the link points."""
    current = Home(home).current
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(current.iterdir())}
    return files | {"link": str(current.readlink())}


def test_a_gate_that_blocks_keeps_the_next_layer_and_publishing_back(sample_copy: Path) -> None:
    break_warehouse(sample_copy, BREAK_CUSTOMERS)
    before = published_bytes(sample_copy)

    blocked, refused = run_selections(
        sample_copy, "gate:profiles+group:segments+asset:published/generation", "asset:published/generation"
    )

    assert list(blocked["failed"]) == ["profiles_gate"], blocked
    assert blocked["steps"] == []
    assert "profiles.customers: failed profiles__customers" in refused["failed"]["published__generation"]
    assert published_bytes(sample_copy) == before
