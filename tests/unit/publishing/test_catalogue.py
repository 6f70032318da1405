"""A careless declaration blocks the publish, and all of them are named at once."""

from pathlib import Path

import pytest

from publishing.catalogue import read_catalogue
from tests.unit.publishing.world import CUSTOMERS, carried_source, model, private_activation_model, write_manifest
from warehouse.errors import CdpError
from warehouse.home import Home


def test_public_and_carried_relations_are_found(tmp_path: Path) -> None:
    catalogue = read_catalogue(write_manifest(Home(tmp_path)))

    assert [(table.layer, table.name, table.key) for table in catalogue.public] == [
        ("profiles", "customer_timeline", ("event_id", "customer_id")),
        ("profiles", "customers", ("customer_id",)),
        ("segments", "segments", ("segment",)),
    ]
    assert [(table.layer, table.name) for table in catalogue.carried] == [
        ("identity", "edges"),
        ("activation", "sync_hubspot__contacts"),
    ]


def test_a_private_model_is_not_published(tmp_path: Path) -> None:
    private = model("int_records", "conformed", CUSTOMERS, ["customer_id"])
    private = private | {"access": "protected", "config": private["config"] | {"access": "protected"}}

    catalogue = read_catalogue(write_manifest(Home(tmp_path), [private]))

    assert catalogue.public == ()
    assert catalogue.carried == ()


def test_every_fault_is_named_in_one_error(tmp_path: Path) -> None:
    careless = model(
        "customers",
        "profiles",
        {
            "customer_id": ("varchar", "keyed_hash"),
            "email": ("varchar", None),
            "name": ("varchar", "blur"),
            "note": ("json", "year"),
        },
        ["customer_id", "tenant"],
    )
    bare = model("accounts", "profiles", {}, []) | {"description": " "}
    bare["config"] = {"access": "public", "contract": {"enforced": False}, "meta": {}}

    with pytest.raises(CdpError) as caught:
        read_catalogue(write_manifest(Home(tmp_path), [careless, bare]))

    for fault in (
        "customers.customer_id is part of the key",
        "customers.email has no mask",
        "customers.name has the unknown mask blur",
        "customers.note is free text or JSON",
        "customers.tenant is its key, but no column",
        "accounts has no enforced contract",
        "accounts has no description",
        "accounts has no key",
    ):
        assert fault in caught.value.message
    assert "mask" in caught.value.remedy


def test_two_relations_cannot_share_a_name(tmp_path: Path) -> None:
    twin = private_activation_model() | {"name": "edges", "alias": "edges", "unique_id": "model.cdp.other"}

    with pytest.raises(CdpError, match="edges names 2 carried relations"):
        read_catalogue(write_manifest(Home(tmp_path), [carried_source(), twin]))


def test_what_the_next_run_remembers_by_must_be_carried(tmp_path: Path) -> None:
    forgotten = carried_source() | {"name": "identity_map", "identifier": "identity_map", "config": {"meta": {}}}

    with pytest.raises(CdpError, match="identity_map is what the next run remembers by"):
        read_catalogue(write_manifest(Home(tmp_path), [forgotten]))


def test_only_the_columns_listed_are_carried(tmp_path: Path) -> None:
    records = model("int_records", "conformed", CUSTOMERS, ["customer_id"]) | {"access": "protected"}
    records["config"] = {"meta": {"carried": ["customer_id", "email"], "key": ["customer_id"]}}

    (carried,) = read_catalogue(write_manifest(Home(tmp_path), [records])).carried

    assert (carried.columns, carried.key) == (("customer_id", "email"), ("customer_id",))


def test_meta_outside_config_counts_too(tmp_path: Path) -> None:
    older = model("customers", "profiles", {"customer_id": ("varchar", None)}, ["customer_id"])
    older["columns"]["customer_id"]["meta"] = {"mask": "keep"}

    assert read_catalogue(write_manifest(Home(tmp_path), [older])).public[0].columns[0].mask == "keep"


def test_a_missing_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CdpError, match="cdp run"):
        read_catalogue(tmp_path / "manifest.json")


def test_rows_lie_as_they_are_looked_up_where_the_model_says_so(tmp_path: Path) -> None:
    events = {"event_id": ("varchar", "keep"), "customer_id": ("varchar", "keep"), "title": ("varchar", "drop")}
    timeline = model("customer_timeline", "profiles", events, ["event_id"])
    timeline["config"]["meta"]["ordered_by"] = ["customer_id"]

    catalogue = read_catalogue(write_manifest(Home(tmp_path), [timeline]))

    assert (catalogue.public[0].key, catalogue.public[0].ordered_by) == (("event_id",), ("customer_id",))

    timeline["config"]["meta"]["ordered_by"] = ["title", "day"]
    with pytest.raises(CdpError) as caught:
        read_catalogue(write_manifest(Home(tmp_path), [timeline]))
    assert "customer_timeline.title orders it, but is no column with the mask keep" in caught.value.message
    assert "customer_timeline.day orders it" in caught.value.message
