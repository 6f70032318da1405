"""What a reader can and cannot do, and what is exported."""

import hashlib
import json
import stat
from pathlib import Path

import duckdb
import pytest

from publishing.export import export_parquet
from publishing.read import open_published
from publishing.verify import problems
from tests.unit.publishing.world import publish_version
from warehouse.errors import CdpError
from warehouse.home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    publish_version(home)
    return home


def test_a_reader_sees_masked_tables_by_their_plain_names(home: Home) -> None:
    con = open_published(home)

    assert con.execute("show tables").fetchall() == [("customer_timeline",), ("customers",), ("segments",)]
    assert con.execute("select distinct email from customers").fetchall() == [("example.com",)]


def test_a_restricted_reader_sees_raw_values_by_the_same_names(home: Home) -> None:
    con = open_published(home, restricted=True)

    assert con.execute("show tables").fetchall() == [("customer_timeline",), ("customers",), ("segments",)]
    assert con.execute("select email, birth_date::varchar from customers order by customer_id limit 1").fetchall() == [
        ("canary.0@Example.com", "1950-03-04")
    ]
    assert [row[0] for row in con.execute("describe customers").fetchall()][:4] == [
        "customer_id",
        "version",
        "full_name",
        "given_name",
    ]
    assert con.execute("select count(*) from segments").fetchall() == [(2,)]
    assert con.execute("select count(*), count(title) from customer_timeline").fetchall() == [(600, 600)]


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize(
    "attack",
    [
        "create table published.main.x as select 1",
        "update published.main.customers set country = 'XX'",
        "with w as (insert into published.main.segments values ('z', 1) returning *) select * from w",
        "select * from read_text('/etc/hostname')",
        "attach '{restricted}' as more (read_only)",
        "copy (select 1) to '/tmp/out.csv'",
        "select * from secret_variable",
        "set enable_external_access = true",
        "set threads = 1",
        "install httpfs",
        "use memory; detach published; attach '{masked}' as more (read_write); create table more.main.x as select 1",
        "attach ':memory:' as m; use m; detach published; attach '{masked}' as more (read_only)",
    ],
)
def test_a_reader_can_neither_write_nor_reach_out(home: Home, attack: str, restricted: bool) -> None:
    secret_variable = [{"a": 1}]  # noqa: F841  what DuckDB would find by its name
    con, folder = open_published(home, restricted), home.current.resolve()

    with pytest.raises(duckdb.Error):
        con.execute(attack.format(restricted=folder / "restricted.duckdb", masked=folder / "customers.duckdb"))
    assert list(problems(folder)) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("enable_external_access", False),
        ("python_enable_replacements", False),
        ("temp_directory", ""),
        ("lock_configuration", True),
    ],
)
def test_every_lock_is_set_though_another_may_cover_for_it(home: Home, setting: str, value: object) -> None:
    found = open_published(home).execute(f"select current_setting('{setting}')").fetchall()

    assert found == [(value,)]


def test_a_masked_reader_has_no_restricted_table(home: Home) -> None:
    con = open_published(home)
    databases = con.execute("select database_name from duckdb_databases() where not internal").fetchall()

    assert sorted(databases) == [("memory",), ("published",)]


def test_a_query_too_big_for_memory_fails_and_leaves_nothing_on_disk(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_MEMORY_LIMIT", "50MB")
    con = open_published(home, restricted=True)

    with pytest.raises(duckdb.OutOfMemoryException):
        con.execute("select email, i from customers, range(100000) as t (i) order by hash(i), email").fetchall()

    assert list(home.tmp.rglob("*")) == []


def test_several_readers_may_be_open_at_once(home: Home) -> None:
    readers = [open_published(home, restricted) for restricted in (True, False, True)]

    assert [con.execute("select count(*) from customers").fetchall() for con in readers] == [[(200,)]] * 3


def test_before_the_first_run_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(CdpError, match="cdp run"):
        open_published(Home(tmp_path))


def test_export_gives_the_published_rows_and_their_sums(home: Home, tmp_path: Path) -> None:
    folder = export_parquet(home, tmp_path / "out")

    manifest = json.loads((folder / "manifest.json").read_text())
    assert sorted(path.name for path in folder.glob("*.parquet")) == [
        "customer_timeline.parquet",
        "customers.parquet",
        "segments.parquet",
    ]
    for entry in manifest["tables"].values():
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    found = duckdb.sql(f"from '{folder}/customers.parquet' order by customer_id").fetchall()
    assert found == open_published(home).execute("from customers order by customer_id").fetchall()


def test_export_without_rights_holds_no_raw_value(home: Home, tmp_path: Path) -> None:
    folder = export_parquet(home, tmp_path / "out", tables=["customers"])

    (row,) = duckdb.sql(
        f"select count(*) from '{folder}/customers.parquet' as t where t::varchar ilike '%canary%'"
    ).fetchall()
    assert row == (0,)
    assert [path.name for path in folder.glob("*.parquet")] == ["customers.parquet"]


def test_a_restricted_export_is_for_its_owner_alone(home: Home) -> None:
    folder = export_parquet(home, restricted=True)

    assert folder.parent == home.exports
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.parquet")} == {0o600}
    assert export_parquet(home, restricted=True) == folder


def test_export_refuses_a_full_folder_and_an_unknown_table(home: Home, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(CdpError, match="not an empty folder"):
        export_parquet(home, tmp_path)
    with pytest.raises(CdpError, match="no published table cutomers"):
        export_parquet(home, tmp_path / "out", tables=["cutomers"])

    assert (tmp_path / "mine.txt").read_text() == "keep me"
