"""dbt's own unit tests: the logic of models on rows that are written out; production runs leave them out."""

from pathlib import Path

import pytest

from warehouse.connection import connect
from warehouse.dbt import run_dbt
from warehouse.home import Home


def test_every_unit_test_of_the_models_passes(sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDP_HOME", str(sample_copy))
    home = Home.from_environment()
    con = connect(home)

    result = run_dbt(home, ["test", "--select", "test_type:unit"])

    con.close()
    assert len(result.result.results) >= 20
