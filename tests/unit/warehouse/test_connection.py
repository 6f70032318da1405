"""Opening the warehouse more than once in one process, as dbt, the gates and our own stages do."""

import os
import subprocess
import sys

import pytest

from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home

DIES_WITH_A_LOG = """
import os
from warehouse.connection import connect
from warehouse.home import Home
con = connect(Home.from_environment())
con.execute("create table kept as select range as n from range(1000)")
con.execute("checkpoint")
con.execute("delete from kept where n < 10")
os._exit(1)
"""


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


def test_a_log_that_cannot_be_read_back_costs_a_writer_the_warehouse_and_no_reader_anything(home: Home, caplog) -> None:
    subprocess.run([sys.executable, "-c", DIES_WITH_A_LOG], check=False)
    log = home.warehouse.with_name("warehouse.duckdb.wal")
    written = bytearray(log.read_bytes())
    written[60] ^= 255
    log.write_bytes(written)

    with pytest.raises(CdpError, match="Losing it loses nothing"):
        connect(home, read_only=True)
    assert log.exists()

    with connect(home) as con:
        assert con.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]
    assert "made again from landing" in caplog.text
    assert not log.exists()


def test_a_log_that_a_killed_writer_left_is_read_back(home: Home) -> None:
    subprocess.run([sys.executable, "-c", DIES_WITH_A_LOG], check=False)
    with connect(home) as con:
        assert con.execute("select count(*) from kept").fetchall() == [(990,)]
