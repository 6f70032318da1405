"""Three generations of one home: a change too large to publish unseen, a gate that stays red, a lost warehouse.

Belongs here: what only whole runs in a row can show; each step leaves the home to the next, since a run is dear. Must
not go here: a gate alone (test_a_blocked_gate.py), a layer alone (test_runs_of_single_layers.py).
"""

import json
import re
from contextlib import closing
from pathlib import Path

import duckdb
from pytest_httpserver import HTTPServer

from governance.judgements import Decision, counting, record, withdraw
from publishing.read import open_published
from tests.conftest import cdp
from tests.integration.orchestration.test_a_blocked_gate import break_warehouse, published_bytes
from warehouse.home import Home
from warehouse.state import open_state

BREAK_RAW = "update raw.hubspot__contacts set id = null where rowid = 0"
MERGED_CUSTOMERS = 140
PROFILES = ("customers", "customer_fields", "customer_traits", "customer_identities")
MAP = "customer of each record"
WHO = "select customer_id, record_id from identity_history where valid_to is null"
Profiles = dict[str, list[tuple]]
WHY = {"author": "ann", "reason": "a trial"}


def test_a_home_comes_through_a_change_a_broken_layer_and_the_loss_of_its_warehouse(
    sample_copy: Path, httpserver: HTTPServer
) -> None:
    home = Home(sample_copy)
    before, generations = profiles(home), [home.current.readlink().name]
    assert findings(home) == [], "a first run has no budget to keep"

    a_change_beyond_its_budgets_is_published_once_it_is_accepted(home)
    generations.append(home.current.readlink().name)
    during = profiles(home)
    assert all(during[table] != rows for table, rows in before.items())
    a_gate_that_fails_twice_is_one_alert(home, httpserver)
    withdraw(home, counting(home), **WHY)
    settled = min(set(before[MAP]) & set(during[MAP]), key=lambda row: row[1])
    a_run_without_its_warehouse_recovers_and_is_an_alert(home, httpserver, *settled)
    generations.append(home.current.readlink().name)

    assert profiles(home) == before
    assert len(set(generations)) == 3
    for generation in generations:
        as_of = cdp(home.root, "identity", "as-of", manifest(home, generation)["created_at"]).stdout
        assert re.search(r"digest (\d+)", as_of)[1] == map_digest(home, generation)


def a_change_beyond_its_budgets_is_published_once_it_is_accepted(home: Home) -> None:
    before = published_bytes(home.root)
    merge_many(home)

    blocked = cdp(home.root, "run")

    assert blocked.returncode == 1
    assert "The gate after identity blocks: identity.run_effect" in blocked.stderr
    assert "cdp run --accept-changes" in blocked.stderr
    assert "profiles" not in blocked.stderr
    assert findings(home) == ["critical", "critical"]
    assert published_bytes(home.root) == before

    accepted = cdp(home.root, "run", "--accept-changes")

    assert accepted.returncode == 0, accepted.stderr
    assert "accepted: identity.run_effect" in accepted.stderr
    assert findings(home) == ["accepted", "accepted"]
    assert published_bytes(home.root)["link"] != before["link"]


def a_gate_that_fails_twice_is_one_alert(home: Home, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/alert", method="POST").respond_with_data("ok")
    before = published_bytes(home.root)
    break_warehouse(home.root, BREAK_RAW)

    failing = [cdp(home.root, "run", CDP_ALERT_WEBHOOK=httpserver.url_for("/alert")) for _ in range(2)]

    assert [run.returncode for run in failing] == [1, 1], failing[0].stderr
    assert "The gate after raw blocks: raw.hubspot__contacts" in failing[0].stderr
    assert "staging" not in failing[0].stderr
    assert published_bytes(home.root) == before
    assert told(httpserver) == [("gate raw__hubspot__contacts", "failed"), ("run", "failed")]


def a_run_without_its_warehouse_recovers_and_is_an_alert(
    home: Home, httpserver: HTTPServer, customer_id: str, record_id: str
) -> None:
    """No id is lost with the warehouse, and an id that another system gave leads to the customer's own."""
    home.warehouse.unlink()
    (home.root.parent / "ids.csv").write_text(f"record_id,customer_id\n{record_id},LOY-000101\n")
    imported = cdp(home.root, "identity", "import-crosswalk", str(home.root.parent / "ids.csv"))
    assert "1 rows taken over" in imported.stdout

    mended = cdp(home.root, "run", "--accept-changes", CDP_ALERT_WEBHOOK=httpserver.url_for("/alert"))

    assert mended.returncode == 0, mended.stderr
    assert told(httpserver)[2:] == [("gate raw__hubspot__contacts", "succeeded"), ("run", "succeeded")]
    changes = "select change_type, customer_id, other_customer_id from identity_changes where starts_with(customer_id"
    shown = cdp(home.root, "sql", f"{changes}, 'LOY')").stdout.splitlines()[1:]
    assert shown[-1].split() == ["retired", "LOY-000101", customer_id]
    assert f"{customer_id} stands in its place" in cdp(home.root, "customer", "LOY-000101", "--masked").stdout


def merge_many(home: Home, customers: int = MERGED_CUSTOMERS) -> list[tuple[str, str]]:
    """Judge the first records of two customers the same, and of two others, and so on; gives the pairs."""
    with duckdb.connect(str(home.current / "activation.duckdb"), read_only=True) as con:
        firsts = con.execute(
            "select min(record_id) from identity_map where not is_device group by customer_id order by 1 limit ?",
            [customers],
        ).fetchall()
    pairs = [(left, right) for (left,), (right,) in zip(firsts[::2], firsts[1::2], strict=True)]
    record(home, [Decision((pair,), "same", **WHY) for pair in pairs])
    return pairs


def profiles(home: Home) -> Profiles:
    """Every row of what is published of customers, and who each record is; a row begins with its customer."""
    with closing(open_published(home, restricted=True)) as con:
        tables = {name: con.execute(f"from {name} order by all").fetchall() for name in PROFILES}
        return tables | {MAP: con.execute(f"{WHO} order by all").fetchall()}


def findings(home: Home) -> list[str]:
    with closing(open_state(home)) as state:
        rows = state.execute(
            "select details from gate_results where table_name = 'identity.run_effect' order by rowid"
        ).fetchall()
    return [finding["severity"] for finding in json.loads(rows[-1]["details"])["findings"]]


def manifest(home: Home, generation: str) -> dict:
    return json.loads((home.published / generation / "manifest.json").read_text())


def map_digest(home: Home, generation: str) -> str:
    return manifest(home, generation)["files"]["activation.duckdb"]["identity_map"]["digest"]


def told(httpserver: HTTPServer) -> list[tuple[str, str]]:
    messages = [request.get_json() for request, _ in httpserver.log]
    return [(message["key"], message["status"]) for message in messages]
