"""The canary: resolved apart from everything, by the home's own model, and lower as soon as the linkage is wrong."""

import csv
import re
from collections import defaultdict
from dataclasses import replace

import duckdb
import pytest

from identity.matching import probabilistic
from identity.matching.edges import score_edges
from identity.matching.explanations import weight_sql
from identity.roles import platform_roles
from identity.watching import canary
from identity.watching.canary import CANARY, resolve_canary, score_canary
from identity.watching.score import Scores
from warehouse.connection import connect
from warehouse.home import Home


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a model; any records will do to train it, and the canary's are at hand."""
    home = Home(tmp_path_factory.mktemp("trained")).prepare()
    with duckdb.connect() as con:
        assert score_edges(home, con, canary._read(con, platform_roles()))
    return home


@pytest.fixture(scope="module")
def scores(trained: Home) -> Scores:
    return resolve_canary(trained, platform_roles())


def models(home: Home) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(home.models.iterdir())}


def test_a_sound_linkage_knows_the_canary(scores: Scores) -> None:
    assert scores["records"] == len(rows())
    assert scores["pair_f1"] > 0.9


def test_the_home_gets_the_scores_and_nothing_else(trained: Home, scores: Scores) -> None:
    before = models(trained)
    con = connect(trained)
    con.execute("create schema identity; create table identity.edges as select 1 as mine")
    con.execute("create temp table person as select 2 as mine")

    assert score_canary(trained, con) == scores

    tables = con.execute("select table_name from duckdb_tables() where schema_name = 'identity' order by 1").fetchall()
    assert tables == [("canary_scores",), ("edges",)]
    assert con.execute("select edges.mine, person.mine from identity.edges, person").fetchall() == [(1, 2)]
    assert dict(con.execute("from identity.canary_scores").fetchall()) == scores
    assert models(trained) == before


def test_a_home_without_a_model_has_no_scores_and_gets_no_model(home: Home) -> None:
    con = connect(home)
    assert score_canary(home, con) is None
    assert con.execute("select count(measure), count(value) from identity.canary_scores").fetchall() == [(0, 0)]
    assert models(home) == {}


@pytest.mark.parametrize(
    ("cut_weight", "weight"),
    [(-6.0, weight_sql), (16.0, weight_sql), (1.0, lambda found: f"({weight_sql(found)}) + 10")],
    ids=["everything joins", "nothing joins", "strangers begin as friends"],
)
def test_a_wrong_linkage_is_seen(trained: Home, scores: Scores, monkeypatch, cut_weight, weight) -> None:
    monkeypatch.setattr(probabilistic, "weight_sql", weight)
    roles = replace(platform_roles(), cut_weight=cut_weight)
    assert resolve_canary(trained, roles)["pair_f1"] < scores["pair_f1"] - 0.05


def test_a_role_or_attribute_that_the_canary_does_not_fill_is_null() -> None:
    roles = replace(platform_roles(), attributes={"loyalty_number": "loyalty_number_std"})
    with duckdb.connect() as con:
        over_canary = canary._read(con, roles)
        filled = con.execute(
            "select count(email), count(national_id), count(attribute_loyalty_number) from canary_record"
        ).fetchall()
    assert (over_canary.roles.keys(), over_canary.attributes.keys()) == (roles.roles.keys(), roles.attributes.keys())
    assert filled == [(sum(row["email"] != "" for row in rows()), 0, 0)]


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(CANARY.open()))


def test_no_judgement_about_a_companys_records_can_be_about_the_canarys() -> None:
    assert all(re.fullmatch(r"canary:\d{3}", row["record_id"]) for row in rows())


def test_nobody_can_be_reached_at_what_the_canary_holds() -> None:
    """Domains of RFC 2606; numbers that Ofcom sets aside for drama."""
    held = [row for row in rows() if row["email"] or row["phone"]]
    assert all(not row["email"] or row["email"].endswith(".example") for row in held)
    assert all(re.fullmatch(r"(\+44 7700 900\d{3}|\+44 20 7946 0\d{3})?", row["phone"]) for row in held)


def test_a_person_of_the_canary_has_one_story() -> None:
    stories = defaultdict(set)
    for row in rows():
        stories[row["person_id"]].add(row["story"])
    assert all(len(told) == 1 for told in stories.values())
    assert len(stories) > 100
