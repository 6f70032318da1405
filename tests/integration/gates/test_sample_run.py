"""The gates of a whole run over the sample: every suite ran, all passed, and a table spoilt afterwards is refused."""

from contextlib import closing

import pytest

from expectations.gate import run_gate
from expectations.results import require_passed
from expectations.suites import required_tables
from publishing.refusal import refuse_unless_gated
from warehouse.builds import stamp
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.run import current_run
from warehouse.state import open_state


def test_every_suite_ran_and_passed(sample_run):
    with closing(open_state(Home(sample_run))) as state:
        rows = state.execute("select table_name, passed, expectations_count from gate_results").fetchall()
    assert {row["table_name"] for row in rows} == set(required_tables())
    assert all(row["passed"] and row["expectations_count"] for row in rows)


def test_a_table_spoilt_after_its_gate_is_caught_and_not_published(sample_copy):
    home = Home(sample_copy)
    con = connect(home)
    con.execute("update conformed.int_records set email_std = upper(email_std)")
    stamp(con, "conformed.int_records")
    with closing(open_state(home)) as state, pytest.raises(CdpError, match="older build"):
        refuse_unless_gated(con, state, required_tables())
    results = run_gate(home, con, current_run(home), ["conformed.int_records"])
    with pytest.raises(CdpError, match="expect_column_values_to_match_regex"):
        require_passed(results)
    with closing(open_state(home)) as state, pytest.raises(CdpError, match=r"failed conformed__int_records"):
        refuse_unless_gated(con, state, required_tables())
    con.close()
