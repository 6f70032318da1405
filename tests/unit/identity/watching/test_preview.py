"""A preview says what a run with the same settings then does, and leaves no trace of itself."""

import hashlib
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import yaml

from governance.judgements import Decision, record
from identity.clustering.clusters import make_clusters
from identity.resolve import assign_ids, resolve, score_edges
from identity.roles import PLATFORM_ROLES, Roles, read_roles
from identity.watching.preview import preview
from publishing.previous import attach_previous
from tests.unit.identity.conftest import World
from tests.unit.identity.generation import publish_generation
from tests.unit.identity.matching.test_model import populate
from warehouse.connection import connect
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.run import RunContext

SAME_MAILBOX = {"rule": "same_email", "identifier": "email", "names": "any", "weight": 9, "why": "as a trial"}
LATER = datetime(2026, 3, 1)


@pytest.fixture(autouse=True)
def as_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDP_AS_OF", LATER.isoformat())


@pytest.fixture
def company(world: World) -> World:
    """Ann is held by 14 and 7 bits, Ben by 3; Robert and Susan share a mailbox and are two."""
    world.record("a:1", given="ann", family="bell", email="q7@x.org")
    world.record("b:1", given="ann", family="bell", email="q7@x.org").record("c:1", email="q7@x.org")
    world.record("a:2", given="ben", family="hall", phone="+441632960001").record("b:2", phone="+441632960001")
    world.record("a:3", given="robert", family="gray", email="gray@x.org")
    world.record("b:3", given="susan", family="gray", email="gray@x.org")
    world.device("d1")
    return published(world)


def published(world: World) -> World:
    """Resolved and published; the warehouse is closed, as it is between runs."""
    world.customers = world.run()
    publish_generation(world.con, world.home)
    world.con.close()
    return world


def roles_with(folder: Path, **changed: object) -> Roles:
    path = folder / "new.yml"
    path.write_text(yaml.safe_dump(yaml.safe_load(PLATFORM_ROLES.read_text()) | changed))
    return read_roles(path)


def tiers_but(*rules: str) -> list[dict]:
    return [tier for tier in yaml.safe_load(PLATFORM_ROLES.read_text())["tiers"] if tier["rule"] not in rules]


def digests(home: Home) -> dict[str, str]:
    """sha256 of every file of the home, and the names of its folders; the lock says who took it last."""
    return {
        str(path.relative_to(home.root)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in home.root.rglob("*")
        if path != home.run_lock
    }


def run_with(home: Home, roles: Roles | None, **settings: float) -> tuple[list[tuple], dict[str, object]]:
    """What a run with these settings does: its changes, and its effect as a preview tells it."""
    con = connect(home)
    attach_previous(con, home)
    resolve(home, con, RunContext("run2", LATER, LATER), roles=roles, **settings)
    found = _changes_and_effect(con)
    con.close()
    return found


def run_anew(home: Home, cut_weight: float) -> tuple[list[tuple], dict[str, object]]:
    """As run_with, but nothing of what is published is taken over."""
    con = connect(home)
    attach_previous(con, home)
    score_edges(home, con, as_of=LATER, anew=True)
    make_clusters(con, anew=True, cut_weight=cut_weight)
    assign_ids(home, con, RunContext("run2", LATER, LATER))
    found = _changes_and_effect(con)
    con.close()
    return found


def _changes_and_effect(con: duckdb.DuckDBPyConnection) -> tuple[list[tuple], dict[str, object]]:
    changes = con.execute(
        "select change_type, customer_id, other_customer_id, record_id from identity.run_changes order by all"
    ).fetchall()
    effect = con.execute("from identity.run_effect")
    names = [column[0] for column in effect.description]
    row = dict(zip(names, effect.fetchall()[0], strict=True))
    return changes, {name: value for name, value in row.items() if name not in ("run_id", "has_previous")}


def test_the_settings_of_today_change_nothing(company: World) -> None:
    found = preview(company.home)

    assert (found.model, found.cut_weight, found.merges, found.splits) == ("none", 1.0, (), ())
    assert {name: value for name, value in found.effect.items() if value} == {
        "records_before_count": 7, "records_count": 7, "customers_before_count": 4, "customers_count": 4,
        "visitors_before_count": 1, "visitors_count": 1, "largest_cluster_records_before_count": 3,
        "largest_cluster_records_count": 3, "compared_records_count": 7,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "cut_weight", "kinds"),
    [
        ({}, 5.0, {"joined": 1, "left": 1, "created": 1, "split": 1}),
        ({}, 8.0, {"joined": 2, "left": 2, "created": 2, "split": 2}),
        ({"tiers": [*tiers_but(), SAME_MAILBOX]}, 1.0, {"joined": 1, "left": 1, "merged": 1, "retired": 1}),
        (
            {"tiers": [*tiers_but("same_email_name_unknown"), SAME_MAILBOX]},
            8.0,
            {"joined": 2, "left": 2, "created": 1, "split": 1, "merged": 1, "retired": 1},
        ),
    ],
    ids=["a higher cut", "a still higher one", "another tier", "roles and cut"],
)
def test_a_preview_is_what_a_run_with_the_same_settings_then_does(
    company: World, tmp_path: Path, changed: dict, cut_weight: float, kinds: dict[str, int]
) -> None:
    roles = roles_with(tmp_path, **changed)

    found = preview(company.home, roles, cut_weight, out=tmp_path / "out")
    changes, effect = run_with(company.home, roles, cut_weight=cut_weight)

    assert {name: found.effect[f"{name}_count"] for name in kinds} == kinds
    assert found.effect == effect
    assert duckdb.sql(f"from '{tmp_path / 'out' / 'changes.parquet'}' order by all").fetchall() == changes
    assert (tmp_path / "out" / "changes.parquet").stat().st_mode & 0o777 == 0o600


def test_merges_and_splits_are_listed_by_ids_and_counts(company: World, tmp_path: Path) -> None:
    roles = roles_with(tmp_path, tiers=[*tiers_but(), SAME_MAILBOX])
    before = company.customers

    found = preview(company.home, roles, 5.0)

    assert [(one.from_id, one.records, one.devices, one.sources) for one in found.splits] == [
        (before["a:2"], 1, 0, ("b",))
    ]
    merged = found.merges[0]
    assert {merged.from_id, merged.to_id} == {before["a:3"], before["b:3"]}
    assert (merged.records, merged.devices) == (1, 0)


def test_a_preview_leaves_no_trace(company: World, tmp_path: Path) -> None:
    before = digests(company.home)

    preview(company.home, roles_with(tmp_path, tiers=tiers_but("same_email_and_name")), 8.0)

    assert digests(company.home) == before
    assert list(company.home.tmp.iterdir()) == []


def test_a_preview_that_fails_leaves_no_trace(company: World, tmp_path: Path) -> None:
    before = digests(company.home)
    roles = roles_with(tmp_path, roles={"email": "no_such_column"})

    with pytest.raises(CdpError, match="lacks columns that the roles name: no_such_column"):
        preview(company.home, roles)

    assert digests(company.home) == before


def test_the_homes_model_is_used_and_another_one_is_trained_for_the_preview_alone(world: World, tmp_path: Path) -> None:
    populate(world, people=80)
    home = published(world).home
    version, before = world.summary.model_version, digests(home)
    own = yaml.safe_load(PLATFORM_ROLES.read_text())["roles"]
    fewer = roles_with(tmp_path, roles={role: column for role, column in own.items() if role != "birth_date"})

    stricter, other = preview(home, None, 6.0), preview(home, fewer)

    assert (stricter.model, stricter.model_version) == ("kept", version)
    assert stricter.effect["moved_records_count"] > 0
    assert other.model == "trained"
    assert other.model_version not in (None, version)
    assert digests(home) == before
    assert run_anew(home, 6.0)[1] == stricter.effect
    assert run_with(home, fewer)[1] == other.effect


def test_judgements_are_honoured(company: World) -> None:
    pair = (("a:1", "b:1"),)
    record(company.home, [Decision(pair, "different", author="ann", reason="two of a name")])

    assert preview(company.home).effect["split_count"] == 1


def test_records_that_are_not_published_yet_are_told_apart(company: World) -> None:
    con = connect(company.home)
    con.execute("insert into conformed.int_records (record_id, source) values ('z:1', 'z')")
    con.close()

    effect = preview(company.home).effect

    assert (effect["records_before_count"], effect["records_count"], effect["compared_records_count"]) == (7, 8, 7)
    assert (effect["created_count"], effect["moved_records_count"]) == (1, 0)


def test_nothing_published_is_said_with_the_remedy(world: World) -> None:
    world.run()
    world.con.close()

    with pytest.raises(CdpError, match=r"Nothing is published yet.*cdp run"):
        preview(world.home)


def test_a_warehouse_without_conformed_tables_is_said_with_the_remedy(company: World) -> None:
    company.home.warehouse.unlink()
    with pytest.raises(CdpError, match=r"There is no warehouse.*cdp run"):
        preview(company.home)

    connect(company.home).close()
    with pytest.raises(CdpError, match=r"no table conformed.int_records.*cdp run"):
        preview(company.home)


@pytest.mark.parametrize(
    ("roles", "cut_weight", "complaint"),
    [
        ({}, float("nan"), "no number of bits"),
        ({"roles": {"email": ["email_std", "phone_std"]}}, None, "several columns for email"),
        ({"tiers": [{"rule": "r", "identifer": "email"}]}, None, "tier 1 lacks a key"),
        ({"caps": {"email": {"people_cap": 1}}}, None, "the cap of email lacks a key"),
        ({"records": "conformed.int_people"}, None, "no table conformed.int_people"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    company: World, tmp_path: Path, roles: dict, cut_weight: float | None, complaint: str
) -> None:
    with pytest.raises(CdpError, match=complaint) as refused:
        preview(company.home, roles_with(tmp_path, **roles), cut_weight)
    assert refused.value.remedy


def test_a_folder_that_cannot_be_made_is_refused_before_any_work(company: World, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CdpError, match="cannot be made"):
        preview(company.home, out=tmp_path / "file")
