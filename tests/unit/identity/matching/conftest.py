"""A linkage model for tests that need one, whichever it is."""

from pathlib import Path

import pytest

from tests.unit.identity.conftest import World
from tests.unit.identity.matching.test_model import populate
from warehouse.home import Home


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model that a hundred and fifty people trained, to be copied into a home: training is dear."""
    world = World(Home(tmp_path_factory.mktemp("trained") / "home"))
    populate(world)
    world.run()
    world.con.close()
    return world.home.models
