"""Extraction against real servers: an API with pages and a cursor on loopback, and PostgreSQL from the system's
packages."""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ingestion.declared import Column, Source, Table
from ingestion.extract import cursor_of
from ingestion.landing import land
from ingestion.load import load
from ingestion.summary import TableCounts
from tests import processes
from tests.unit.ingestion.conftest import RUN
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

PEOPLE = Table(
    source="crm",
    name="people",
    identifier="crm__people",
    description="",
    format="jsonl",
    primary_key=("id",),
    delivery="upserts",
    ordered_by="updated_at",
    contract="evolve",
    columns=(Column("id"), Column("name"), Column("updated_at", "timestamp"), Column("tags", "json")),
)


def bring(home: Home, source: Source) -> TableCounts:
    land(home, declared=[source])
    con = connect(home)
    counts = load(home, con, RUN, declared=[source]).of("crm", "people")
    con.close()
    return counts


def query(home: Home, sql: str) -> list[tuple[Any, ...]]:
    con = connect(home)
    rows = con.execute(sql).fetchall()
    con.close()
    return rows


def cursor(home: Home) -> Any:
    state = open_state(home)
    value = cursor_of(state, PEOPLE)
    state.close()
    return value


def person(number: int, at: str, name: str = "") -> dict[str, Any]:
    return {"id": number, "name": name or f"Ann {number}", "updated_at": at, "tags": [{"a": 1}]}


class Api:
    """An API of people: pages of two, `updated_since` included, a bearer token, and what was asked of it."""

    def __init__(self, server: HTTPServer) -> None:
        self.people: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.failing = False
        server.expect_request("/v1/people").respond_with_handler(self.answer)
        self.source = Source(
            "crm", "", "rest_api", "", "sales", "selling", "first",
            (
                replace(
                    PEOPLE,
                    settings={
                        "endpoint": "people", "data_selector": "results", "params": {"limit": 2},
                        "cursor": "updated_at", "cursor_param": "updated_since",
                        "initial_value": "1970-01-01T00:00:00Z",
                    },
                ),
            ),
            settings={
                "base_url": server.url_for("/v1/"),
                "headers": {"Authorization": "Bearer ${CRM_TOKEN}"},
                "paginator": {"type": "page_number", "base_page": 1, "total_path": "pages"},
            },
        )  # fmt: skip

    def answer(self, request: Request) -> Response:
        self.asked.append(dict(request.args))
        if request.headers.get("Authorization") != "Bearer s3cret":
            return Response("no", 401)
        page = int(request.args.get("page", 1))
        if self.failing and page == 2:
            return Response("gone", 404)
        found = sorted(
            (one for one in self.people if one["updated_at"] >= request.args["updated_since"]),
            key=lambda one: one["updated_at"],
        )
        body = {"results": found[2 * page - 2 : 2 * page], "pages": max((len(found) + 1) // 2, 1)}
        return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def api(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setenv("CRM_TOKEN", "s3cret")
    return Api(httpserver)


def test_pages_are_followed_and_the_cursor_moves(home: Home, api: Api) -> None:
    api.people = [person(n, f"2026-01-0{n}T00:00:00Z") for n in range(1, 6)]

    counts = bring(home, api.source)

    assert (counts.received, counts.loaded) == (5, 5)
    assert [asked["page"] for asked in api.asked] == ["1", "2", "3"]
    assert cursor(home) == "2026-01-05T00:00:00Z"
    assert query(home, "select id, name, tags from raw.crm__people where id = '3'") == [("3", "Ann 3", '[{"a":1}]')]


def test_the_next_run_asks_from_the_cursor_on_and_takes_what_came_since(home: Home, api: Api) -> None:
    api.people = [person(n, f"2026-01-0{n}T00:00:00Z") for n in range(1, 4)]
    bring(home, api.source)
    api.asked.clear()
    api.people += [person(4, "2026-01-03T00:00:00Z"), person(1, "2026-01-09T00:00:00Z", "Anna")]

    counts = bring(home, api.source)

    assert api.asked[0]["updated_since"] == "2026-01-03T00:00:00Z"
    assert (counts.received, counts.loaded, counts.duplicate) == (3, 2, 1)
    assert cursor(home) == "2026-01-09T00:00:00Z"


def test_nothing_new_lands_nothing(home: Home, api: Api) -> None:
    api.people = [person(1, "2026-01-01T00:00:00Z")]
    bring(home, api.source)

    assert len(land(home, declared=[api.source])) <= 1
    bring(home, api.source)
    assert land(home, declared=[api.source]) == []


def test_a_failing_page_lands_nothing_and_leaves_the_cursor(home: Home, api: Api) -> None:
    api.people = [person(n, f"2026-01-0{n}T00:00:00Z") for n in range(1, 6)]
    api.failing = True

    with pytest.raises(CdpError, match=r"crm\.people: extraction failed \(HTTPError, HTTP 404\)"):
        land(home, declared=[api.source])

    assert cursor(home) is None
    assert list((home.landing / "crm" / "people").iterdir()) == []
    api.failing = False
    assert bring(home, api.source).loaded == 5


def test_a_secret_that_is_not_set_is_named(home: Home, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_TOKEN")

    with pytest.raises(CdpError, match="the environment has no CRM_TOKEN"):
        land(home, declared=[api.source])


def test_what_dlt_keeps_lies_in_tmp(home: Home, api: Api) -> None:
    api.people = [person(1, "2026-01-01T00:00:00Z")]
    bring(home, api.source)

    assert os.environ["DLT_DATA_DIR"] == str(home.tmp / "dlt")
    assert os.environ["RUNTIME__DLTHUB_TELEMETRY"] == "false"


BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if Path("/usr/lib/postgresql").exists() else []


def _as_server_user() -> list[str]:
    """initdb refuses root: run as `postgres` where we are root."""
    if os.getuid():
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("we are root, and there is no user `postgres` to run the server as")
    if not shutil.which("setpriv"):
        pytest.skip("we are root, and setpriv is not installed")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own on a socket; gives its URL."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    binaries, as_user = BINARIES[-1].parent, _as_server_user()
    with tempfile.TemporaryDirectory(prefix="cdp-pg-") as folder:
        os.chmod(folder, 0o777)
        data = Path(folder) / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(
            [*as_user, str(binaries / "initdb"), "-D", str(data), "-U", "cdp", "-A", "trust", "-N"], check=True, **quiet
        )
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        start = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", f"{folder}/log", "start"]
        subprocess.run([*as_user, *start], check=True, **quiet)
        try:
            yield f"postgresql+psycopg2://cdp@/postgres?host={folder}"
        finally:
            subprocess.run(
                [*as_user, str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], check=True, **quiet
            )


@pytest.fixture
def database(postgres: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import sqlalchemy as sa

    monkeypatch.setenv("CRM_DATABASE", postgres)
    engine = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with engine.connect() as con:
        con.execute(sa.text("drop table if exists clients"))
        con.execute(
            sa.text(
                "create table clients (id bigint primary key, name text, balance numeric(12,2), tags jsonb, "
                "updated_at timestamp not null)"
            )
        )
        yield lambda sql: con.execute(sa.text(sql))
    engine.dispose()


def database_source(**settings: Any) -> Source:
    table = replace(
        PEOPLE,
        columns=(*PEOPLE.columns, Column("balance", "decimal(18,2)")),
        settings={"remote_table": "clients", "cursor": "updated_at", **settings},
    )
    return Source(
        "crm", "", "sql_database", "", "sales", "selling", "first", (table,),
        settings={"connection": "${CRM_DATABASE}", "database_schema": "public"},
    )  # fmt: skip


def test_a_database_table_is_taken_whole_and_then_from_its_cursor(home: Home, database: Any) -> None:
    database(
        "insert into clients select n, 'Zoë ' || n, n + 0.10, '[\"a\"]', "
        "timestamp '2026-01-01' + n * interval '1 minute' from generate_series(1, 12000) as n"
    )
    first = bring(home, database_source())
    database("update clients set name = 'Anna', updated_at = '2026-02-01' where id = 7")
    database("insert into clients values (12001, null, null, null, '2026-02-02 10:00:00.123456')")

    second = bring(home, database_source())

    assert (first.received, first.loaded) == (12000, 12000)
    assert (second.received, second.loaded, second.duplicate) == (3, 2, 1)
    assert cursor(home) == "2026-02-02T10:00:00.123456"
    assert query(home, "select name, balance, tags from raw.crm__people where id = '7' order by _load_id") == [
        ("Zoë 7", "7.10", '["a"]'),
        ("Anna", "7.10", '["a"]'),
    ]


def test_a_number_is_a_cursor_too(home: Home, database: Any) -> None:
    database("insert into clients select n, 'x', 0, null, '2026-01-01' from generate_series(1, 9) as n")
    bring(home, database_source(cursor="id"))
    database("insert into clients values (10, 'y', 0, null, '2026-01-01')")

    assert bring(home, database_source(cursor="id")).received == 2
    assert cursor(home) == 10


def test_a_snapshot_of_a_table_knows_who_is_gone(home: Home, database: Any) -> None:
    source = database_source(cursor=None)
    source = replace(source, tables=(replace(source.tables[0], delivery="snapshot", ordered_by=None),))
    database("insert into clients select n, 'x', 0, null, '2026-01-01' from generate_series(1, 3) as n")
    bring(home, source)
    database("delete from clients where id = 2")

    counts = bring(home, source)

    assert (counts.received, counts.duplicate, counts.deleted) == (2, 2, 1)
    assert query(home, "select id from raw.crm__people where _is_deleted") == [("2",)]


def test_a_server_that_is_away_is_named_without_its_address(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATABASE", "postgresql+psycopg2://user:hush@127.0.0.1:1/none")

    with pytest.raises(CdpError, match="extraction failed") as caught:
        land(home, declared=[database_source()])

    assert "hush" not in str(caught.value)


def land_clients(root: str) -> None:
    land(Home(Path(root)), declared=[database_source()])


@pytest.mark.parametrize("point", ["extract.after_write", "extract.before_record", "extract.after_record"])
def test_a_kill_while_extracting_loses_and_duplicates_nothing(home: Home, database: Any, point: str) -> None:
    database("insert into clients select n, 'x', 0, null, '2026-01-01' from generate_series(1, 50) as n")
    killed = processes.killed_at(point, land_clients, str(home.root))
    assert killed.returncode == -9, point

    bring(home, database_source())

    assert query(home, "select count(*), count(distinct id) from raw.crm__people") == [(50, 50)]
    on_disk = list((home.landing / "crm" / "people").iterdir())
    assert len(on_disk) == 1
