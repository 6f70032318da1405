"""What a generation holds, who can see it, and that a damaged one is refused."""

import json
import stat
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from publishing.build import build_generation, new_generation
from publishing.catalogue import read_catalogue
from publishing.files import current_generation
from publishing.manifest import read_manifest
from publishing.publish import publish
from publishing.verify import problems, verify_generation
from tests.unit.publishing.world import (
    REQUIRED,
    fill,
    gate,
    model,
    public_models,
    publish_version,
    run_context,
    write_manifest,
)
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_version(Home(tmp_path_factory.mktemp("home")), people=3000).path


@pytest.fixture
def building(tmp_path: Path) -> Path:
    """A generation that is built and not yet verified."""
    home = Home(tmp_path)
    catalogue = read_catalogue(write_manifest(home))
    con = connect(home)
    fill(con)
    folder = build_generation(home, con, run_context(), catalogue, [])
    con.close()
    return folder


def rows(file: Path, query: str) -> list[tuple]:
    con = duckdb.connect(str(file), read_only=True)
    try:
        return con.execute(query).fetchall()
    finally:
        con.close()


def test_the_masked_file_holds_masks(folder: Path) -> None:
    first = rows(folder / "customers.duckdb", "select * exclude phone from customers limit 1")

    assert first == [("cus_000000", 1, "Z", "example.com", 1950, "NL")]
    assert rows(folder / "customers.duckdb", "select count(distinct phone), min(length(phone)) from customers") == [
        (3000, 32)
    ]


def test_no_byte_of_a_raw_value_is_in_the_masked_file(folder: Path) -> None:
    assert b"canary" not in (folder / "customers.duckdb").read_bytes().lower()
    assert b"canary" not in (folder / "manifest.json").read_bytes().lower()


def test_no_raw_value_hides_in_a_compressed_block(folder: Path) -> None:
    con = duckdb.connect(str(folder / "customers.duckdb"), read_only=True)
    for (name,) in con.execute("select table_name from duckdb_tables()").fetchall():
        assert con.execute(f"select count(*) from {name} as t where t::varchar ilike '%canary%'").fetchall() == [(0,)]


def test_the_restricted_file_holds_the_key_and_what_the_masked_one_lacks(folder: Path) -> None:
    described = rows(folder / "restricted.duckdb", "describe customers")

    expected = ["customer_id", "full_name", "given_name", "email", "phone", "birth_date", "attributes"]
    assert [row[0] for row in described] == expected
    assert rows(folder / "restricted.duckdb", "show tables") == [("customer_timeline",), ("customers",)]


def test_carried_relations_lie_in_the_private_file(folder: Path) -> None:
    assert rows(folder / "activation.duckdb", "show tables") == [("edges",), ("sync_hubspot__contacts",)]


def test_modes_keep_private_files_private(folder: Path) -> None:
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir()}

    assert {modes[name] for name in ("restricted.duckdb", "activation.duckdb")} == {"0o600"}
    assert modes["customers.duckdb"] == "0o644"
    assert [name for name in modes if name.endswith(".wal")] == []


def test_rows_lie_in_the_order_of_their_key(folder: Path) -> None:
    ids = [row[0] for row in rows(folder / "customers.duckdb", "select customer_id from customers")]

    assert ids == sorted(ids)


def test_descriptions_go_along(folder: Path) -> None:
    table = rows(folder / "customers.duckdb", "select comment from duckdb_tables() where table_name = 'customers'")
    columns = rows(
        folder / "customers.duckdb", "select comment from duckdb_columns() where column_name in ('email', 'country')"
    )

    assert table == [("What the company's customers are",)]
    assert sorted(columns) == [("the country",), ("the email (masked: domain)",)]


def test_the_manifest_says_what_was_published(folder: Path) -> None:
    manifest = read_manifest(folder)

    assert manifest["generation"] == folder.name
    assert manifest["previous"] is None
    assert manifest["run_id"] == "run00001"
    assert manifest["files"]["customers.duckdb"]["customer_timeline"]["rows"] == 9000
    assert int(manifest["files"]["customers.duckdb"]["customers"]["digest"]) > 0
    assert [result["table_name"] for result in manifest["gates"]] == list(REQUIRED)
    assert manifest["storage_version"] == "v1.5.0"


def test_a_whole_generation_verifies(building: Path) -> None:
    assert list(problems(building)) == []
    verify_generation(building)


@pytest.mark.parametrize(
    ("file", "tampering", "problem"),
    [
        ("customers.duckdb", "update customers set country = 'XX' where customer_id = 'cus_000007'", "other contents"),
        ("customers.duckdb", "delete from customers where customer_id = 'cus_000007'", "199 rows where 200"),
        ("customers.duckdb", "alter table customers add column secret varchar", "other columns"),
        ("customers.duckdb", "drop table segments", "lacks the table segments"),
        ("customers.duckdb", "create table extra as select 1", "has the table extra, unlisted"),
        ("restricted.duckdb", "update customers set full_name = 'x'", "customers has other contents"),
        ("activation.duckdb", "update edges set version = 9", "edges has other contents"),
    ],
)
def test_a_tampered_generation_is_refused(building: Path, file: str, tampering: str, problem: str) -> None:
    con = duckdb.connect(str(building / file))
    con.execute(tampering)
    con.close()

    with pytest.raises(CdpError) as caught:
        verify_generation(building)

    assert problem in caught.value.message


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("email", "email has 200 of 200 values that its mask does not give"),
        ("given_name", "given_name has 200 of 200"),
        ("phone", "phone has 200 of 200"),
        ("full_name", "full_name is published, but is to be dropped"),
    ],
)
def test_a_value_that_is_not_masked_is_found_even_if_the_digest_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, problem: str
) -> None:
    """The mask is skipped while building, so the manifest's digest is that of the raw value."""
    import publishing.build as build

    right = build.masked
    monkeypatch.setattr(build, "masked", lambda sql, mask: sql if sql == f'"{name}"' else right(sql, mask))
    home = Home(tmp_path)
    catalogue = read_catalogue(write_manifest(home))
    con = connect(home)
    fill(con)

    found = list(problems(build_generation(home, con, run_context(), catalogue, [])))

    assert len(found) == 1
    assert problem in found[0]


def test_a_flipped_bit_is_refused(building: Path) -> None:
    file = building / "customers.duckdb"
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    position = next(place for place in range(middle, len(content)) if content[place])
    content[position] ^= 1
    file.write_bytes(content)

    with pytest.raises(CdpError, match="customers"):
        verify_generation(building)


def test_a_stray_file_or_an_open_mode_is_refused(building: Path) -> None:
    (building / "customers.duckdb.wal").write_bytes(b"")
    (building / "restricted.duckdb").chmod(0o644)

    found = list(problems(building))

    assert "customers.duckdb.wal should not be there" in found
    assert "restricted.duckdb has mode 644 where 600 is due" in found


@pytest.mark.parametrize(("key", "problem"), [("null", "3 rows with a null"), ("'same'", "2 rows whose key")])
def test_a_broken_key_is_refused_and_readers_keep_what_they_have(tmp_path: Path, key: str, problem: str) -> None:
    home = Home(tmp_path)
    first = publish_version(home).generation
    con = connect(home)
    fill(con, 2)
    con.execute(f"update profiles.customers set customer_id = {key} where customer_id <= 'cus_000002'")
    gate(home, con)

    with pytest.raises(CdpError) as caught:
        publish(home, con, run_context(2), REQUIRED)
    con.close()

    assert problem in caught.value.message
    assert "canary" not in str(caught.value).lower()
    assert current_generation(home) == first
    (rejected,) = [path for path in home.published.iterdir() if path.suffix == ".rejected"]
    assert stat.S_IMODE(rejected.stat().st_mode) == 0o700


def test_what_the_models_declare_must_be_there(tmp_path: Path) -> None:
    home = Home(tmp_path)
    accounts = model("accounts", "profiles", {"account_id": ("varchar", "keep")}, ["account_id"])
    catalogue = read_catalogue(write_manifest(home, [*public_models(), accounts]))
    con = connect(home)
    fill(con)
    con.execute("alter table profiles.customers drop column country")
    con.execute("alter table profiles.customers add column age integer")

    with pytest.raises(CdpError) as caught:
        build_generation(home, con, run_context(), catalogue, [])

    for fault in ("accounts does not exist", "customers lacks country", "customers has age, undeclared"):
        assert fault in caught.value.message
    assert list(home.published.iterdir()) == []


def test_a_generation_sorts_after_the_last_one_though_the_clock_went_back(tmp_path: Path) -> None:
    home = Home(tmp_path).prepare()
    ahead = "20991231T235959999999Z-aaaa"
    (home.published / ahead).mkdir()

    assert new_generation(home, run_context()) > ahead


def test_a_full_disk_is_noticed_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=2**20))
    with pytest.raises(CdpError, match="MiB are free"):
        publish_version(Home(tmp_path))


def test_the_manifest_is_json_without_surprises(folder: Path) -> None:
    assert json.loads((folder / "manifest.json").read_text())["duckdb_version"] == duckdb.__version__
