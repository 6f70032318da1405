"""Opening the warehouse more than once in one process, as dbt, the gates and our own stages do."""

import os

from warehouse.connection import connect
from warehouse.home import Home


def test_a_second_connection_opens_after_the_first_has_spilled(home: Home, monkeypatch) -> None:
    monkeypatch.setenv("CDP_MEMORY_LIMIT", "100MB")
    first = connect(home)
    first.execute(
        "create temp table wide as select range as n, md5(range::varchar) as a from range(4_000_000) order by a"
    )
    assert os.listdir(home.tmp / "spill")

    second = connect(home)

    assert second.execute("select 1").fetchall() == [(1,)]
    assert second.execute("select current_setting('temp_directory')").fetchall() == [(str(home.tmp / "spill"),)]
    second.close()
    first.close()
