"""The files that `cdp segment add` writes."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from segmentation.form import segment_problem
from segmentation.scaffold import STARTER, write_segment
from warehouse.errors import CdpError
from warehouse.home import PROJECT

MACRO = "dbt_project/macros/segments.sql"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project/macros").mkdir(parents=True)
    (tmp_path / "dbt_project/models/segments/library").mkdir(parents=True)
    (tmp_path / MACRO).write_text((PROJECT / MACRO).read_text())
    return tmp_path


def names(project: Path) -> list[str]:
    return re.findall(r"^        '(seg_\w+)',?$", (project / MACRO).read_text(), flags=re.MULTILINE)


def test_a_new_segment_has_its_three_texts(project: Path) -> None:
    before = names(project)

    model, properties, macro = write_segment(
        "night_owls", "Who orders: at night.", "marketing", ("promotion",), project=project
    )

    declared = yaml.safe_load(properties.read_text())["models"][0]
    assert model.read_text() == STARTER
    assert (declared["name"], declared["description"]) == ("seg_night_owls", "Who orders: at night.")
    meta = declared["config"]["meta"]
    assert abs(datetime.now(UTC) - datetime.fromisoformat(meta.pop("written_at") + "+00:00")) < timedelta(minutes=1)
    assert meta == {"owner": "marketing", "suppresses": ["promotion"]}
    assert [column["name"] for column in declared["columns"]] == ["has_ordered", "has_been_seen_in_last_30_days"]
    assert names(project) == sorted([*before, "seg_night_owls"])
    assert macro.read_text().replace("        'seg_night_owls',\n", "") == (PROJECT / MACRO).read_text()


def test_the_example_has_the_form_of_a_segment() -> None:
    assert segment_problem("seg_x", re.sub(r"\{\{.*?\}\}", "x", STARTER)) is None


@pytest.mark.parametrize(
    ("name", "owner", "says"),
    [
        ("Night owls", "marketing", "is no name for a segment"),
        ("night_owls", " ", "has no owner"),
        ("taken", "marketing", "exists already"),
    ],
)
def test_nothing_is_written_of_a_segment_that_may_not_be(project: Path, name: str, owner: str, says: str) -> None:
    (project / "dbt_project/models/segments/library/seg_taken.sql").write_text("select 1")
    before = {path: path.read_text() for path in project.rglob("*.*") if path.is_file()}

    with pytest.raises(CdpError, match=says):
        write_segment(name, "Who they are.", owner, project=project)

    assert {path: path.read_text() for path in project.rglob("*.*") if path.is_file()} == before
