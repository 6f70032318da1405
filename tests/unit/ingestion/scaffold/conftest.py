"""Samples, and a copy of the files of the project that a new source changes."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.scaffold.mapping import guess_feed
from ingestion.scaffold.model import NewTable
from ingestion.scaffold.sample import read_sample
from warehouse.home import PROJECT

MODELS = Path("dbt_project/models")
PEOPLE = "person_id,name,email,phone,created_at\np1,Ann Lee,ann@a.example,030 1,2024-01-02T03:04:05\n"
TICKETS = "ticket_id,person_id,subject,priority,status,created_at\nt1,p1,Help,medium,open,2024-01-02\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of which only what a new source touches is there."""
    root = tmp_path / "project"
    shutil.copytree(PROJECT / MODELS / "conformed", root / MODELS / "conformed")
    (root / MODELS / "profiles").mkdir()
    shutil.copy(PROJECT / MODELS / "profiles" / "quarantine.sql", root / MODELS / "profiles")
    (root / MODELS / "staging").mkdir()
    (root / "expectations").mkdir()
    return root


@pytest.fixture
def new(tmp_path: Path) -> Callable[..., NewTable]:
    """A table as `cdp add source` would ask for it: its text, its name, and what is said beside."""

    def made(text: str, table: str = "people", suffix: str = "csv", **said: Any) -> NewTable:
        path = tmp_path / f"{table}.{suffix}"
        path.write_text(text)
        sample = read_sample(path)
        defaults: dict[str, Any] = {
            "source": "desk", "table": table, "sample": sample, "key": (sample.key,), "delivery": "upserts",
            "ordered_by": None, "owner": "support", "purpose": "help", "party": "first",
            "feed": guess_feed(sample, table),
        }  # fmt: skip
        return NewTable(**defaults | said)

    return made
