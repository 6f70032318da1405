"""Tables of a source that never delivered may be empty; those of any other may not."""

import pytest

from warehouse.builds import stamp

TABLES = ("raw.pos__members", "staging.stg_pos__members")


@pytest.fixture
def empty_tables(con):
    con.execute("create schema if not exists raw; create schema if not exists staging")
    con.execute(
        "create table raw.pos__members "
        "(member_no varchar, _file varchar, _line bigint, _load_id varchar, _content_hash varchar)"
    )
    con.execute("create table staging.stg_pos__members (record_id varchar)")
    for table in TABLES:
        stamp(con, table)


@pytest.mark.parametrize("table", TABLES)
def test_an_unused_source_may_be_empty(gate, empty_tables, table):
    result = gate(table)

    assert (result.passed, result.rows, result.lines()) == (True, 0, [])


@pytest.mark.parametrize("table", TABLES)
def test_a_source_that_ever_delivered_may_not(gate, home, empty_tables, table):
    (home.landing / "pos" / "members").mkdir(parents=True)
    (home.landing / "pos" / "members" / "a.csv").write_text("member_no\n")

    assert not gate(table).passed


@pytest.mark.parametrize("table", TABLES)
def test_nor_one_that_had_rows(gate, con, empty_tables, table):
    column = "member_no" if table.startswith("raw") else "record_id"
    con.execute(f"insert into {table} ({column}) values ('m1')")
    con.execute("update raw.pos__members set _file = 'f', _line = 1, _load_id = 'l', _content_hash = 'h'")
    assert gate(table).passed

    con.execute(f"delete from {table}")

    assert not gate(table).passed


def test_another_layer_is_not_excused(gate, con):
    con.execute("create schema conformed; create table conformed.pos__members (record_id varchar)")
    suite = {
        "key": ["record_id"],
        "expectations": [
            {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "record_id"}, "reason": "for the test"}
        ],
    }

    assert not gate("conformed.pos__members", suite).passed
