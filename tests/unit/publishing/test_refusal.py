"""Nothing is published that its gates have not passed in its present build."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from publishing.publish import publish
from publishing.refusal import refuse_unless_gated
from tests.unit.publishing.world import REQUIRED, fill, gate, run_context, write_manifest
from warehouse.builds import stamp
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

FAILED = (
    '{"rows": 9, "findings": [{"type": "expect_column_values_to_be_unique", "column": "customer_id",'
    ' "severity": "critical", "unexpected_count": 2, "element_count": 9},'
    ' {"type": "expect_odd", "column": "country", "severity": "warning", "unexpected_count": 1, "element_count": 9}]}'
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    write_manifest(home)
    return home


@pytest.fixture
def con(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect(home)
    fill(con)
    yield con
    con.close()


def refused(home: Home, con: duckdb.DuckDBPyConnection, *tables: str) -> str:
    with pytest.raises(CdpError) as caught:
        refuse_unless_gated(con, open_state(home), tables or REQUIRED)
    assert "cdp run" in caught.value.remedy
    return caught.value.message


def test_passing_results_on_the_current_builds_are_given(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    gate(home, con)

    results = refuse_unless_gated(con, open_state(home), [*REQUIRED[:2], ("identity", "edges")])

    assert [result["table_name"] for result in results] == list(REQUIRED)
    assert "details" not in results[0]


def test_a_gate_that_never_ran_refuses(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    gate(home, con, REQUIRED[1:])

    assert "1 of 3" in refused(home, con)
    assert "profiles.customers: its gate never ran" in refused(home, con)


def test_a_result_on_an_older_build_refuses(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    gate(home, con)
    stamp(con, "identity.edges")

    assert refused(home, con).endswith("identity.edges: its gate ran on an older build")


def test_a_table_rebuilt_without_a_stamp_refuses(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    gate(home, con)
    con.execute("create or replace table identity.edges as select 1 as record_id_l")

    assert refused(home, con).endswith("identity.edges: it does not exist, or its build left no stamp")


def test_a_failed_gate_refuses_and_names_the_critical_expectation(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    gate(home, con)
    gate(home, con, REQUIRED[:1], passed=0, details=FAILED)

    message = refused(home, con)

    assert "failed profiles__customers (expect_column_values_to_be_unique customer_id)" in message
    assert "expect_odd" not in message


def test_the_last_result_of_a_build_counts(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    gate(home, con, passed=0, details=FAILED, checked_at="2026-11-01T11:00:00+00:00")
    gate(home, con)

    assert len(refuse_unless_gated(con, open_state(home), REQUIRED)) == 3


def test_no_required_table_refuses(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(CdpError, match="No table is gated"):
        refuse_unless_gated(con, open_state(home), [])


def test_a_refused_publish_changes_nothing(home: Home, con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(CdpError, match="Not published"):
        publish(home, con, run_context(), REQUIRED)

    assert list(home.published.iterdir()) == []
