"""Declarations: what is wrong is said with its place, and all of it at once."""

from pathlib import Path

import pytest

from ingestion.declared import declared_sources
from warehouse.errors import CdpError
from warehouse.home import Home

GOOD = """
sources:
  - name: shop
    config: {meta: {loader: files, location: "${CDP_SOURCES}/shop", owner: sales, purpose: selling}}
    tables:
      - name: people
        config: {meta: {format: csv, primary_key: [id], delivery: events}}
        columns:
          - {name: id, data_type: varchar, config: {meta: {required: true}}}
          - {name: born, data_type: "decimal(18,2)"}
          - {name: born.year, data_type: bigint}
"""


def declare(folder: Path, text: str) -> Path:
    path = folder / "shop" / "_shop__sources.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return folder


def test_a_declaration_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDP_SOURCES", "/inbox")
    [source] = declared_sources(declare(tmp_path, GOOD))
    [table] = source.tables

    assert source.folder(Home(tmp_path)) == Path("/inbox/shop")
    assert (table.identifier, table.files, table.contract, table.label) == (
        "shop__people", "people/**/*", "evolve", "shop.people",
    )  # fmt: skip
    assert table.raw_columns == ["id", "born"]
    assert table.required == {"id"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("format: csv", "format: xlsx", "shop.people: found format xlsx; expected csv or jsonl or parquet"),
        ("format: csv, ", "", "found format is missing"),
        ("delivery: events", "delivery: deltas", "found delivery deltas"),
        ("delivery: events", "delivery: events, contract: loose", "found contract loose"),
        ("delivery: events", "delivery: events, deliverey: x", "found unknown meta deliverey"),
        ("primary_key: [id]", "primary_key: [key]", "found key or order key"),
        ("primary_key: [id], ", "", "found no primary_key"),
        ("delivery: events", "delivery: upserts, ordered_by: changed", "found key or order changed"),
        ("delivery: events", "delivery: events, encoding: klingon", "found encoding klingon"),
        ("bigint", "integer", "found data_type integer"),
        ("owner: sales, ", "", "found no owner"),
        ("name: people", "name: People!", "found name 'People!'"),
        ("{required: true}", "{identifier: shoe_size}", "found identifier shoe_size"),
        ("loader: files", "loader: carrier_pigeon", "found loader carrier_pigeon"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CdpError) as caught:
        declared_sources(declare(tmp_path, GOOD.replace(old, new, 1)))

    assert said in str(caught.value)
    assert "_shop__sources.yml" in str(caught.value)


def test_invalid_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(CdpError, match="not valid YAML"):
        declared_sources(declare(tmp_path, "sources: [unclosed"))


def test_a_variable_that_nobody_set_is_named(tmp_path: Path) -> None:
    [source] = declared_sources(declare(tmp_path, GOOD.replace("CDP_SOURCES", "NOT_SET_ANYWHERE")))

    with pytest.raises(CdpError, match="the environment has no NOT_SET_ANYWHERE"):
        source.folder(Home(tmp_path))


def test_the_projects_own_sources_are_declared_rightly() -> None:
    names = [source.name for source in declared_sources()]

    assert {"hubspot", "shopify", "pos", "stripe", "zendesk", "segment", "klaviyo", "preferences"} <= set(names)
