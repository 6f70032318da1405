"""`cdp identity train`: the model is replaced on purpose, used by the next run, and can be taken back."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from identity.matching.model import load_model
from identity.roles import platform_roles
from tests.conftest import cdp
from tests.unit.identity.conftest import World
from tests.unit.identity.generation import publish_generation
from tests.unit.identity.matching.test_model import populate
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.lock import run_lock


@pytest.fixture
def grown(home: Home) -> World:
    """A home with a model, whose records have grown since it was trained."""
    world = World(home)
    populate(world, people=60)
    world.run()
    publish_generation(world.con, home)
    for number in range(40):
        world.record(f"z:{number}", given="zoe", family=f"new{number}", email=f"zoe{number}@new.org", born="1990-05-05")
    world.load()
    return world


def version(home: Home) -> str:
    model = load_model(home, platform_roles())
    assert model
    return model.version


def train(*args: str) -> str:
    result = CliRunner().invoke(app, ["identity", "train", *args])
    if isinstance(result.exception, CdpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    assert not any(value in result.output for value in ("zoe", "new1", "1990", "gray"))
    return result.stdout


def test_a_model_is_replaced_used_by_the_next_run_and_taken_back(grown: World) -> None:
    home, first = grown.home, version(grown.home)
    edges = grown.con.execute("from identity.edges order by all").fetchall()
    grown.con.close()

    said = train()

    second = version(home)
    assert second != first
    assert f"Model {second}, in place of {first}." in said
    assert re.search(r"\ngiven_name +same +\+", said)
    assert re.search(r"\ngiven_name +different +−\d", said)
    grown.con = World(home).con
    assert grown.con.execute("from identity.edges order by all").fetchall() == edges
    grown.run()
    assert grown.summary.model_version == second
    grown.con.close()

    assert f"Model {first}, in place of {second}." in train("--undo")
    assert version(home) == first
    assert f"Model {second}, in place of {first}." in train("--undo")
    assert {path.stat().st_mode & 0o777 for path in home.models.iterdir()} == {0o600}


def test_names_of_a_model_that_is_forgotten_go_with_it(grown: World) -> None:
    home = grown.home
    for number in range(3):
        grown.record(f"y:{number}", given="yan", family=f"other{number}", email=f"yan{number}@other.org")
        grown.load()
        grown.con.close()
        train()
        grown.con = World(home).con
    assert len(list(home.models.glob("*.parquet"))) == 2


def test_without_a_former_model_or_records_enough_it_says_what_to_do(home: Home, tmp_path: Path) -> None:
    world = World(home)
    world.record("a:1", given="ada")
    world.run()
    publish_generation(world.con, home)
    world.con.close()
    with pytest.raises(CdpError, match=r"too few records.*roles\.yml decide alone"):
        train()
    with pytest.raises(CdpError, match="no former model"):
        train("--undo")


def test_a_run_in_progress_is_waited_for(grown: World) -> None:
    grown.con.close()
    with run_lock(grown.home):
        result = cdp(grown.home.root, "identity", "train")
    assert result.returncode == 75
