"""A run that scores only what changed comes to what a run that scores everything comes to, row for row."""

import random
import shutil
from pathlib import Path

import pytest

from governance.judgements import Decision, counting, record, withdraw
from identity.clustering.clusters import make_clusters
from identity.matching import candidates
from identity.matching.edges import score_edges
from identity.matching.touched import code_of
from tests.unit.identity.conftest import World

GIVEN = ["anna", "robert", "william", "susan", "peter", "lena", "clara", "oskar", "david", "mary", "ida", "emil", "bob"]
FAMILY = ["gray", "bell", "hall", "wood", "stone", "field", "brook", "marsh", "ford", "lane", "north", "west", "hill"]
EDGES = "select * replace (round(match_weight, 9) as match_weight, round(match_probability, 9) as match_probability)"
WHY = {"author": "ann", "reason": "called them"}


class Town:
    """A world whose people move, marry, share mailboxes and vanish, a few of them each day."""

    def __init__(self, world: World, seed: int, people: int) -> None:
        self.world, self.dice, self.number = world, random.Random(seed), 0
        for _ in range(people):
            self.join()

    def join(self) -> None:
        """One more person, of one to three records."""
        dice, self.number = self.dice, self.number + 1
        given, family = dice.choice(GIVEN), dice.choice(FAMILY) + dice.choice(FAMILY)
        fields = {
            "given": given,
            "family": family,
            "born": f"{dice.randint(1950, 2000)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
            "email": f"m{dice.randint(1, 400)}@mail{dice.randint(1, 30)}.org",
            "postal_code_std": f"{dice.randint(1, 20):05}",
        }
        for source in dice.sample("abc", dice.randint(1, 3)):
            kept = {name: value for name, value in fields.items() if name == "given" or dice.random() < 0.8}
            user = f"u{self.number}" if source == "c" and dice.random() < 0.5 else None
            self.world.record(f"{source}:{self.number}", user, **kept)
            if user and dice.random() < 0.5:
                self.world.device(f"d{dice.randint(1, 60)}", user)

    def change(self) -> None:
        """One day: some join, some are forgotten, some records get another mailbox, name or address."""
        world, dice = self.world, self.dice
        for _ in range(dice.randint(0, 6)):
            self.join()
        names = sorted(world.records)
        for name in dice.sample(names, dice.randint(0, 4)):
            world.forget(name)
        for name in dice.sample(sorted(world.records), dice.randint(0, 6)):
            column, value = dice.choice(
                [("email_std", f"m{dice.randint(1, 400)}@mail{dice.randint(1, 30)}.org"), ("given_name_std", "bob"),
                 ("postal_code_std", f"{dice.randint(1, 20):05}"), ("email_std", "office@mail1.org")]
            )  # fmt: skip
            world.records[name] = world.records[name] | {column: value}
        self._judge(dice.sample(sorted(world.records), 2))

    def _judge(self, pair: list[str]) -> None:
        if self.dice.random() < 0.3 and (judged := counting(self.world.home)):
            withdraw(self.world.home, judged[:1], **WHY)
        elif self.dice.random() < 0.6:
            verdict = self.dice.choice(["same", "different"])
            record(self.world.home, [Decision(((min(pair), max(pair)),), verdict, **WHY)])


@pytest.fixture
def world(world: World, trained: Path) -> World:
    """A world that has a model from its first run on."""
    shutil.copytree(trained, world.home.models, dirs_exist_ok=True)
    return world


def resolved(world: World, *, anew: bool) -> tuple[list[tuple], list[tuple], int]:
    """Edges, clusters, and how many records' pairs were scored."""
    score_edges(world.home, world.con, anew=anew)
    make_clusters(world.con, anew=anew)
    edges = world.con.execute(f"{EDGES} from identity.edges order by all").fetchall()
    clusters = world.con.execute("from identity.clusters order by all").fetchall()
    return edges, clusters, world.con.execute("select count(*) from touched").fetchall()[0][0]


@pytest.mark.parametrize(("pairs", "seed"), [(150, 0), (150, 1), (10_000_000, 2)])
def test_what_changed_alone_gives_what_everything_gives(world, monkeypatch, seed, pairs):
    """A budget of few pairs makes caps that blocks cross; one of many compares every pair."""
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_AT_LEAST", pairs)
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_PER_RECORD", 3)
    town = Town(world, seed, people=140)
    world.run()
    scored = []
    for _ in range(3):
        town.change()
        world.load()
        edges, clusters, touched = resolved(world, anew=False)
        all_edges, all_clusters, records = resolved(world, anew=True)
        assert edges == all_edges
        assert clusters == all_clusters
        scored.append((touched, records))
        world.run()
    assert any(touched for touched, _ in scored)
    assert sum(touched for touched, _ in scored) < sum(records for _, records in scored) * 0.8


def test_a_block_that_crosses_its_cap_takes_its_edges_along(world, monkeypatch):
    """Of records that are as they were: nothing but their name proposes them, and a fourth is one too many."""
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_AT_LEAST", 150)
    monkeypatch.setattr(candidates, "BUDGET_PAIRS_PER_RECORD", 3)
    monkeypatch.setattr(candidates, "_affordable", lambda *_: 3)
    Town(world, 6, people=100)
    for n in range(3):
        world.record(f"z:{n}", given="quirin", family="zebulon")
    world.run()
    assert edges_of(world, "z:0") == 2

    for edges_count in (0, 2):
        if edges_count:
            world.forget("z:3")
        else:
            world.record("z:3", given="quirin", family="zebulon")
        world.load()
        edges, clusters, touched = resolved(world, anew=False)
        assert edges_of(world, "z:0") == edges_count
        assert (edges, clusters) == resolved(world, anew=True)[:2]
        assert touched <= 4
        world.run()


def edges_of(world: World, record_id: str) -> int:
    return world.con.execute(
        "select count(*) from identity.edges where $id in (record_id_l, record_id_r)", {"id": record_id}
    ).fetchall()[0][0]


def test_only_edges_that_are_those_published_are_built_on(world):
    """What a run left that was never published is not taken for what was."""
    Town(world, 1, people=80)
    world.run()
    world.records[min(world.records)]["given_name_std"] = "bob"
    world.load()
    expected = resolved(world, anew=True)[:2]
    for left in (
        "select 1",
        "delete from identity.edges where match_weight > 10",
        "update identity.edges set evidence = evidence || ' '",
        "insert into identity.edges from identity.edges limit 1",
        "drop table identity.edges",
    ):
        world.con.execute(
            "create or replace table identity.edges as select * exclude (customer_id_l, customer_id_r) "
            "from previous_activation.main.int_customer_edges"
        )
        published = table_of_edges(world)
        world.con.execute(left)
        assert resolved(world, anew=False)[:2] == expected
        assert (table_of_edges(world) == published) == (left == "select 1")


def table_of_edges(world: World) -> list[tuple]:
    """DuckDB's number of the table: another after it was made again."""
    return world.con.execute(
        "select table_oid from duckdb_tables() where schema_name = 'identity' and table_name = 'edges' "
        "and database_name = current_database()"
    ).fetchall()


def test_nothing_changed_scores_nothing(world):
    Town(world, 1, people=80)
    world.run()
    world.load()
    edges, clusters, touched = resolved(world, anew=False)
    assert touched == 0
    assert (edges, clusters) == resolved(world, anew=True)[:2]


def test_another_recipe_scores_everything(world, monkeypatch):
    Town(world, 1, people=80)
    world.run()
    monkeypatch.setattr("identity.matching.touched.code_of", lambda *_: "other code")
    world.load()
    assert resolved(world, anew=False)[2] == len(world.records)


def test_any_line_of_code_makes_another_recipe(tmp_path):
    found = set()
    for line in ("CUT = 1", "CUT = 2", "CUT = 1  # said"):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        (folder / "clusters.py").write_text(line)
        found.add(code_of(folder))
    assert len(found) == 3
