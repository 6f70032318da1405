"""A table that is almost what it shall be becomes exactly that, and what was right of it is not written again."""

import duckdb
import pytest

from warehouse.tables import amending, exchanging

WANTED = "from (values ('a', 1, null), ('b', 2, 'y'), ('c', null, 'z')) as rows (id, size, note)"


def amended(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The rowid of each row, once the table is as wanted."""
    for statement in amending(con, "main.things", WANTED):
        con.execute(statement)
    assert con.execute("select id, size, note from things order by id").fetchall() == con.execute(WANTED).fetchall()
    return dict(con.execute("select id, rowid from things").fetchall())


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ("update things set note = 'x' where id = 'b'", {"a", "c"}),
        ("update things set note = '' where note is null", {"b", "c"}),
        ("delete from things where id = 'a'", {"b", "c"}),
        ("insert into things values ('d', 4, 'w')", {"a", "b", "c"}),
        ("delete from things", set()),
    ],
)
def test_only_what_differs_is_exchanged(left: str, kept: set[str]) -> None:
    con = duckdb.connect()
    con.execute(f"create table things as {WANTED}")
    con.execute(left)
    before = dict(con.execute("select id, rowid from things").fetchall())

    after = amended(con)

    assert {name for name, row in after.items() if before.get(name) == row} == kept


@pytest.mark.parametrize(
    "left", ["select 1", "create table things (id varchar)", "create table things (id int, size int, note int)"]
)
def test_a_table_that_is_absent_or_has_other_columns_is_made(left: str) -> None:
    con = duckdb.connect()
    con.execute(left)
    amended(con)


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ("select 1", {"a", "c"}),
        ("update things set note = 'x' where id = 'a'", {"c"}),
        ("insert into things values ('e', 5, null)", {"a", "c"}),
        ("delete from things where id <> 'b'", set()),
        ("drop table things", set()),
    ],
)
def test_a_table_becomes_the_former_one_but_for_what_leaves_and_comes(left: str, kept: set[str]) -> None:
    con = duckdb.connect()
    con.execute(f"create table former as {WANTED}")
    con.execute("create table things as from former")
    before = dict(con.execute("select id, rowid from things").fetchall())
    con.execute(left)
    coming = "from (values ('c', null, 'z'), ('d', 4, 'w')) as rows (id, size, note)"

    for statement in exchanging(con, "main.things", "former", "id in ('b', 'c')", coming):
        con.execute(statement)

    found = con.execute("select id, size, note from things order by id").fetchall()
    assert found == [("a", 1, None), ("c", None, "z"), ("d", 4, "w")]
    after = dict(con.execute("select id, rowid from things").fetchall())
    assert {name for name, row in after.items() if before.get(name) == row} >= kept
