"""Finished tables put in place at once, so that a killed stage leaves either its former output or its whole output.

Belongs here: the swap and the check that a table exists. Must not go here: what the tables hold.
Concept: DESIGN, section 3; work is done in temporary tables, which die with the process.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import uuid4

import duckdb

from warehouse.builds import stamp
from warehouse.crash import crash_point


def put_in_place(
    con: duckdb.DuckDBPyConnection,
    made: Mapping[str, str],
    stage: str,
    amended: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Copy each finished query's rows to its table (`schema.table` → select) in one transaction, and stamp it.

    All tables are of one schema, which is made where it is absent; it and the stage name the crash points.
    amended: for tables that are almost what they shall be, the statements that change the rest.
    """
    steps = {
        **(amended or {}),
        **{table: [f"create or replace table {table} as {query}"] for table, query in made.items()},
    }
    schema = next(iter(steps)).split(".")[0]
    crash_point(f"{schema}.{stage}.before_swap")
    build = uuid4().hex
    with transaction(con):
        con.execute(f"create schema if not exists {schema}")
        for table, statements in steps.items():
            for statement in statements:
                con.execute(statement)
            stamp(con, table, build)
            crash_point(f"{schema}.{stage}.inside_swap")
    crash_point(f"{schema}.{stage}.after_swap")


def amending(con: duckdb.DuckDBPyConnection, table: str, query: str) -> list[str]:
    """The statements that leave in a table the rows of a query and no others: only those that differ are exchanged,
    which takes a fraction of writing all where few do. A table that is absent or has other columns is made.

    No row may occur twice. Rows are compared by their hashes, whoever wrote them; their order is not kept.
    """
    columns = columns_of(con, f"({query})")
    if not has_table(con, table) or columns_of(con, table) != columns:
        return [f"create or replace table {table} as {query}"]
    return _exchange(table, columns, "true", query)


def exchanging(con: duckdb.DuckDBPyConnection, table: str, former: str, leaving: str, coming: str) -> list[str]:
    """As `amending`, for the rows of `former` but those of a condition (`leaving`), and the rows of a query (`coming`).

    Where the table holds the former rows already, which is seen at less cost than which rows differ, those of the
    condition alone are compared.
    """
    columns = columns_of(con, former)
    if has_table(con, table) and columns_of(con, table) == columns and hold_the_same(con, table, former, columns):
        return _exchange(table, columns, leaving, coming)
    return amending(con, table, f"from {former} where not ({leaving}) union all {coming}")


def _exchange(table: str, columns: Iterable[str], condition: str, query: str) -> list[str]:
    """The statements that make the rows of a condition those of a query."""
    row = f"hash({', '.join(columns)}) as row_hash"
    return [
        f"""
        create or replace temp table exchanged as
        select former_row, wanted.* exclude (row_hash)
        from (select rowid as former_row, {row} from {table} where {condition}) as former
        full join (select *, {row} from ({query})) as wanted using (row_hash)
        where former.row_hash is null or wanted.row_hash is null
        """,
        f"delete from {table} where rowid in (select former_row from exchanged)",
        f"insert into {table} select * exclude (former_row) from exchanged where former_row is null",
    ]


def hold_the_same(con: duckdb.DuckDBPyConnection, one: str, other: str, columns: Iterable[str]) -> bool:
    """Are the rows of two tables the same in these columns, whatever their order? Seen from their number and from the
    sum of their hashes."""
    digest = f"select count(*), sum(hash({', '.join(columns)})::hugeint)"
    return con.execute(f"{digest} from {one}").fetchall() == con.execute(f"{digest} from {other}").fetchall()


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing; whatever ends it early is raised again."""
    con.execute("begin")
    try:
        yield
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def has_table(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Does the current database have this table (`schema.table`)?"""
    schema, name = table.split(".")
    return bool(
        con.execute(
            "select 1 from duckdb_tables() "
            "where database_name = current_database() and schema_name = $schema and table_name = $name",
            {"schema": schema, "name": name},
        ).fetchall()
    )


def find_table(con: duckdb.DuckDBPyConnection, database: str, table: str) -> str | None:
    """The full name of a table in an attached database, whatever its schema; None where it is absent."""
    rows = con.execute(
        "select schema_name from duckdb_tables() where database_name = ? and table_name = ? order by 1",
        [database, table],
    ).fetchall()
    return f"{database}.{rows[0][0]}.{table}" if rows else None


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Column names and types of a table or view, in order."""
    return {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return con.execute(f"select count(*) from {table}").fetchall()[0][0]
