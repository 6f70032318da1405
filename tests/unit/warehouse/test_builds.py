"""A stamp speaks of one build; rebuilding by any road loses or renews it."""

import duckdb
import pytest

from warehouse.builds import current_build, stamp


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema raw; create schema staging; create table raw.crm__contacts (id text)")
    return con


def test_a_table_without_a_stamp_has_no_build(con: duckdb.DuckDBPyConnection) -> None:
    assert current_build(con, "raw.crm__contacts") is None
    assert current_build(con, "raw.nothing") is None


def test_rebuilding_a_table_by_hand_drops_its_stamp(con: duckdb.DuckDBPyConnection) -> None:
    stamp(con, "raw.crm__contacts")
    assert current_build(con, "raw.crm__contacts")

    con.execute("create or replace table raw.crm__contacts (id text)")

    assert current_build(con, "raw.crm__contacts") is None


def test_a_view_has_a_new_build_when_a_raw_table_below_it_has(con: duckdb.DuckDBPyConnection) -> None:
    stamp(con, "raw.crm__contacts", "one")
    con.execute("create view staging.stg_crm__contacts as select * from raw.crm__contacts")
    con.execute("create view staging.stg_crm__leads as select * from staging.stg_crm__contacts")
    con.execute("comment on view staging.stg_crm__leads is 'build leads'")
    before = current_build(con, "staging.stg_crm__leads")

    stamp(con, "raw.crm__contacts", "two")

    assert before == "build leads; build one"
    assert current_build(con, "staging.stg_crm__leads") == "build leads; build two"
