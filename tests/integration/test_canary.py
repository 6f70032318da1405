"""Personal values lie only where governance/stores.py says: after a run, and after every kind of failure."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from governance.stores import store_of, uncovered
from tests.conftest import SAMPLE, cdp
from tests.integration.orchestration.conftest import run_selections
from tests.integration.scanning import Markers, hits_below, people_in
from warehouse.home import Home

# Stores that hold rows of people. Whatever else the register calls personal (Dagster's log, dbt's artefacts, what is
# published for everyone, the state) may hold keys, hashes and counts, never a value.
HOLD_VALUES = {
    *("landing", "inbox", "demo", "warehouse", "models", "outbox", "exports"),
    *("published, restricted", "published, carried"),
}
NAME, EMAIL, PHONE = "Zyxquorine Vexlathorpe", "zyxquorine.vexlathorpe@canary.example", "+4915799887766"
FREE_TEXT = "Qwolbrimtask zefnarb"
CANARY = Markers({EMAIL}, {PHONE}, {NAME, NAME.split()[0], NAME.split()[1], FREE_TEXT, EMAIL.split("@")[0]})


# Of the state, the consent ledger alone holds contact points: it has to outlive the warehouse.
LEDGER = "state.sqlite consents:"


def may_hold_values(home: Home, path: Path) -> bool:
    store = store_of(home, path)
    return store is not None and store.name in HOLD_VALUES


@pytest.fixture(scope="module")
def failed_in_every_way(sample_run: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home after a whole run and six failures that met a canary, and all that was printed meanwhile."""
    root = tmp_path_factory.mktemp("canary") / "home"
    shutil.copytree(sample_run, root, symlinks=True)
    sources = root.parent / "sources"
    shutil.copytree(SAMPLE, sources)
    home = Home(root)

    printed = [_run_with_a_file_whose_values_do_not_cast(root, sources)]
    printed += [_run_with_people_in_quarantine_and_a_failing_test(root, sources)]
    printed += [_gate_that_blocks_on_values(home), *_stages_that_stop_at_a_value(home)]
    for command in (["status"], ["doctor"], ["sql", "--restricted", "select cast(full_name as int) from customers"]):
        printed.append(_output(cdp(root, *command)))
    return home, "\n".join(printed)


def _run_with_a_file_whose_values_do_not_cast(home: Path, sources: Path) -> str:
    receipts = sources / "pos" / "receipts" / "receipts_2026-11-02.csv"
    header = (SAMPLE / "pos" / "receipts" / "receipts_2026-11-01.csv").read_text().splitlines()[0]
    lines = [
        f'"R{n}","1","MUC1","","2026-11-02 09:00:00","S","{FREE_TEXT}","{NAME}","{EMAIL}","0","EUR","card"'
        for n in range(9)
    ]
    receipts.write_text("\n".join([header, *lines]) + "\n")
    refused = cdp(home, "run", CDP_SOURCES=str(sources))
    receipts.unlink()
    assert refused.returncode == 1
    assert "pos.receipts" in refused.stderr
    return _output(refused)


def _run_with_people_in_quarantine_and_a_failing_test(home: Path, sources: Path) -> str:
    person = {
        "email": EMAIL, "firstname": NAME.split()[0], "lastname": NAME.split()[1], "phone": PHONE, "address": FREE_TEXT,
        "date_of_birth": NAME,
    }  # fmt: skip
    at = {"createdAt": "2026-10-31T00:00:00Z", "updatedAt": "2026-10-31T00:00:00Z", "archived": False}
    lines = [
        json.dumps({"id": "99000001", "properties": person, **at}),
        json.dumps({"properties": person, **at}),
        json.dumps({"id": "99000002", "properties": person, **at})[:-9],
    ]
    (sources / "hubspot" / "contacts" / "contacts_2026-11-02.jsonl").write_text("\n".join(lines) + "\n")
    choices = sources / "preferences" / "choices"
    header = (choices / "choices_2026-11-01.csv").read_text().splitlines()[0]
    choice = (
        f'"ch-1","sub-1","{EMAIL}","{PHONE}","{FREE_TEXT}","marketing","{NAME}",'
        '"2026-10-31 00:00:00","/","1","consent","de"'
    )
    (choices / "choices_2026-11-02.csv").write_text(f"{header}\n{choice}\n")
    calls = sources / "segment" / "events" / "2026" / "11"
    calls.mkdir(parents=True, exist_ok=True)
    call = {"messageId": "m1", "type": NAME, "anonymousId": "a1", "timestamp": "2026-10-31T00:00:00Z"}
    (calls / "02.jsonl").write_text(json.dumps(call) + "\n")
    failed = cdp(home, "run", CDP_SOURCES=str(sources))
    assert failed.returncode == 1
    assert "accepted_values" in failed.stderr
    return _output(failed)


def _gate_that_blocks_on_values(home: Home) -> str:
    _on_warehouse(
        home,
        f"update profiles.customers set country = '{NAME}', phone = '{PHONE} x', email = '{EMAIL} x' where rowid < 3",
    )
    [blocked] = run_selections(home.root, "gate:profiles")
    assert "profiles_gate" in blocked["failed"]
    return json.dumps(blocked, ensure_ascii=False)


def _stages_that_stop_at_a_value(home: Home) -> list[str]:
    """Text where a number or a date was stops clustering, a model and a gate, each with the value in the words."""
    _on_warehouse(
        home,
        "alter table identity.edges rename to spoilt_edges",
        f"create view identity.edges as select * replace (cast(rule || '{NAME}' as double) as match_weight) "
        "from identity.spoilt_edges",
    )
    for table in ("conformed.int_records", "profiles.customers"):
        _on_warehouse(
            home,
            f"alter table {table} alter birth_date type varchar",
            f"update {table} set birth_date = '{NAME}' where rowid < 50",
        )
    stopped = run_selections(home.root, "asset:identity/clusters", "models:profiles", "gate:profiles")
    assert [list(one["failed"]) for one in stopped] == [["clusters"], ["profiles"], ["profiles_gate"]], stopped
    assert "ConversionException" in stopped[0]["failed"]["clusters"]
    return [json.dumps(one, ensure_ascii=False) for one in stopped]


def _on_warehouse(home: Home, *statements: str) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        for statement in statements:
            con.execute(statement)


def _output(result: subprocess.CompletedProcess[str]) -> str:
    return result.stdout + result.stderr


def test_people_of_a_whole_run_lie_only_in_stores_that_hold_people(sample_run: Path) -> None:
    home, people = Home(sample_run), people_in(SAMPLE / "hubspot" / "contacts", 40)

    assert min(len(people.emails), len(people.phones), len(people.texts)) >= 20
    found = hits_below(home.root, people, lambda path: may_hold_values(home, path))
    assert [hit for hit in found if not hit.startswith(LEDGER)] == []


def test_failures_leave_values_only_in_stores_that_hold_people(failed_in_every_way: tuple[Home, str]) -> None:
    home, _ = failed_in_every_way

    assert hits_below(home.root, CANARY, lambda path: may_hold_values(home, path)) == []


def test_failures_print_no_value(failed_in_every_way: tuple[Home, str]) -> None:
    _, printed = failed_in_every_way

    assert CANARY.found_in(printed.encode()) == set()


def test_every_file_belongs_to_a_registered_store(failed_in_every_way: tuple[Home, str]) -> None:
    home, _ = failed_in_every_way

    assert list(uncovered(home)) == []


def test_the_scan_finds_what_lies_in_the_open(failed_in_every_way: tuple[Home, str]) -> None:
    """The scan bites: where values may be, it finds them, in plain files and inside compressed databases."""
    home, _ = failed_in_every_way
    people = people_in(SAMPLE / "hubspot" / "contacts", 40)

    def in_store(name: str) -> list[str]:
        return hits_below(home.root, people, lambda path: (found := store_of(home, path)) is None or found.name != name)

    for name in ("landing", "warehouse", "published, restricted"):
        assert in_store(name), name


@pytest.mark.parametrize(
    "form",
    [
        NAME.upper(), json.dumps({"x": NAME}), "Zyxquorine%20Vexlathorpe", "Zyxquorine+Vexlathorpe",
        NAME.encode().hex(),
        base64.b64encode(f"xx{NAME}xx".encode()).decode(), f"mailto:{EMAIL.upper()}", "+49 1579 988 77 66",
    ],
)  # fmt: skip
def test_the_scan_knows_a_value_in_its_other_forms(form: str) -> None:
    assert CANARY.found_in(f"some {form} text".encode())
