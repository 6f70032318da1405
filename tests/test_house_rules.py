"""House rules as data: each rule gives the rows that break it, and each is broken once to see that it bites.

Belongs here: rules about the shape of the project, read from dbt's manifest.
Must not go here: rules about Python and SQL text (test_house_rules_of_code.py), or what data must look like
(expectations/).
Concept: dbt-project-evaluator; DESIGN, sections 1 and 8; STYLE, "Names".
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from expectations.suites import required_tables
from warehouse.dbt import ensure_parsed
from warehouse.home import Home

Manifest = dict[str, Any]
Rule = Callable[[Manifest], list[str]]

LAYERS = (
    *("reference", "raw", "staging", "conformed", "identity", "scoring", "profiles", "segments", "activation"),
    "measures",
)
PREFIXES = {
    "staging": ("stg_",),
    "conformed": ("int_",),
    "identity": ("int_",),
    "profiles": ("int_",),
    "segments": ("seg_", "int_"),
    "activation": ("sync_", "int_"),
    "measures": ("int_",),
}
MASKS = {"keep", "drop", "keyed_hash", "domain", "year", "initial"}
# What ingestion set aside is no source, and lies in raw only because ingestion writes there; one model tells of it.
QUARANTINE = "raw.quarantine"
# Written by the run and read by one model that has a suite of its own.
PASSED_ON = {QUARANTINE, "identity.run_changes", "identity.cut_identifiers"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    home = Home(tmp_path_factory.mktemp("house")).prepare()
    ensure_parsed(home)
    return json.loads((home.dbt_target / "manifest.json").read_text())


def models(manifest: Manifest) -> Iterator[Manifest]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] == "model")


def public(manifest: Manifest) -> Iterator[Manifest]:
    return (model for model in models(manifest) if model["access"] == "public")


def parents(manifest: Manifest, node: Manifest) -> Iterator[Manifest]:
    known = manifest["nodes"] | manifest["sources"]
    return (known[name] for name in node["depends_on"]["nodes"] if name in known)


def layer(node: Manifest) -> str:
    return node["schema"]


def table(node: Manifest) -> str:
    return f"{node['schema']}.{node.get('identifier') or node['name']}"


def checks_on(manifest: Manifest, model: Manifest) -> Iterator[Manifest]:
    return (node for node in manifest["nodes"].values() if node.get("attached_node") == model["unique_id"])


def a_models_prefix_matches_its_folder(manifest: Manifest) -> list[str]:
    broken = []
    for model in models(manifest):
        folder, *below = model["fqn"][1:-1]
        prefixes = PREFIXES.get(folder, ())
        if model["access"] == "public":
            good = not model["name"].startswith(("stg_", "int_", "seg_", "sync_"))
        elif folder == "staging":
            good = bool(below) and model["name"].startswith(f"stg_{below[0]}__")
        else:
            good = model["name"].startswith(prefixes)
        if not good or layer(model) != folder:
            broken.append(f"{model['original_file_path']} in schema {layer(model)}")
    return broken


def nothing_reads_to_its_right(manifest: Manifest) -> list[str]:
    return [
        f"{table(model)} reads {table(parent)}"
        for model in models(manifest)
        for parent in parents(manifest, model)
        if LAYERS.index(layer(parent)) > LAYERS.index(layer(model))
    ]


def only_staging_reads_raw(manifest: Manifest) -> list[str]:
    return [
        f"{table(model)} reads {table(parent)}"
        for model in models(manifest)
        for parent in parents(manifest, model)
        if layer(parent) == "raw" and layer(model) != "staging" and table(parent) != QUARANTINE
    ]


def a_public_model_is_described_and_under_contract(manifest: Manifest) -> list[str]:
    return [
        table(model)
        for model in public(manifest)
        if not model["description"] or not model["config"]["contract"]["enforced"]
    ]


def a_public_column_is_described_typed_and_masked(manifest: Manifest) -> list[str]:
    return [
        f"{table(model)}.{column['name']}"
        for model in public(manifest)
        for column in model["columns"].values()
        if not column["description"]
        or not column["data_type"]
        or column["config"].get("meta", {}).get("mask") not in MASKS
    ]


def a_contract_declares_no_constraints(manifest: Manifest) -> list[str]:
    """dbt-duckdb would build the indexes that DESIGN, section 3, bans."""
    return [
        table(model)
        for model in models(manifest)
        if model["constraints"] or any(column["constraints"] for column in model["columns"].values())
    ]


def a_public_model_names_a_key_that_no_mask_hides(manifest: Manifest) -> list[str]:
    broken = []
    for model in public(manifest):
        key = model["config"]["meta"].get("key") or []
        masks = [model["columns"].get(name, {}).get("config", {}).get("meta", {}).get("mask") for name in key]
        if not key or set(masks) != {"keep"}:
            broken.append(table(model))
    return broken


def a_public_models_key_is_tested(manifest: Manifest) -> list[str]:
    return [
        table(model)
        for model in public(manifest)
        if not _is_tested(list(checks_on(manifest, model)), model["config"]["meta"].get("key") or [])
    ]


def _is_tested(found: list[Manifest], key: list[str]) -> bool:
    """unique and not_null on a key of one column, or unique_together, which includes both, on any."""
    single = {(test["test_metadata"]["name"], test["column_name"]) for test in found if test["test_metadata"]}
    together = [
        test["test_metadata"]["kwargs"].get("columns")
        for test in found
        if test["test_metadata"] and test["test_metadata"]["name"] == "unique_together"
    ]
    one = len(key) == 1 and {("unique", key[0]), ("not_null", key[0])} <= single
    return one or any(set(columns) == set(key) for columns in together)


def a_source_has_an_owner_a_purpose_a_party_and_a_freshness(manifest: Manifest) -> list[str]:
    """Freshness is asked of what is delivered; identity's tables are written by the run itself."""
    return [
        table(source)
        for source in manifest["sources"].values()
        if any(not source["config"]["meta"].get(name) for name in ("owner", "purpose", "party"))
        or not source["description"]
        or (layer(source) == "raw" and table(source) != QUARANTINE and not _has_freshness(source))
    ]


def _has_freshness(source: Manifest) -> bool:
    limits = source["freshness"] or {}
    return bool(source["loaded_at_field"]) and any(
        (limits.get(name) or {}).get("count") for name in ("warn_after", "error_after")
    )


def what_crosses_a_layer_has_a_suite(manifest: Manifest) -> list[str]:
    """Rejects are left out: they list what staging could not read, and go nowhere but into the quarantine. So are
    functions of a moment, which hold no rows; what they read and who reads them have suites.
    """
    crossing = {
        table(parent)
        for model in models(manifest)
        for parent in parents(manifest, model)
        if layer(parent) not in (layer(model), "reference")
        and not table(parent).endswith("__rejects")
        and parent["config"].get("materialized") != "as_of"
    }
    crossing |= {table(model) for model in public(manifest)}
    return sorted(crossing - set(required_tables()) - PASSED_ON)


def a_suite_guards_a_table_of_the_project(manifest: Manifest) -> list[str]:
    known = {table(node) for node in [*models(manifest), *manifest["sources"].values()]}
    return sorted(set(required_tables()) - known)


MANIFEST_RULES: list[Rule] = [
    a_models_prefix_matches_its_folder,
    nothing_reads_to_its_right,
    only_staging_reads_raw,
    a_public_model_is_described_and_under_contract,
    a_public_column_is_described_typed_and_masked,
    a_contract_declares_no_constraints,
    a_public_model_names_a_key_that_no_mask_hides,
    a_public_models_key_is_tested,
    a_source_has_an_owner_a_purpose_a_party_and_a_freshness,
    what_crosses_a_layer_has_a_suite,
    a_suite_guards_a_table_of_the_project,
]


@pytest.mark.parametrize("rule", MANIFEST_RULES, ids=lambda rule: rule.__name__)
def test_models_keep_the_house_rules(manifest, rule):
    assert rule(manifest) == []


# One way to break each rule: a change of the model `customers` or of the source hubspot.contacts.
def _renamed(model: Manifest, source: Manifest) -> None:
    model["access"] = "private"


def _reads_rightwards(model: Manifest, source: Manifest) -> None:
    model["depends_on"]["nodes"].append("model.cdp.segment_members")


def _reads_raw(model: Manifest, source: Manifest) -> None:
    model["depends_on"]["nodes"].append(source["unique_id"])


def _without_contract(model: Manifest, source: Manifest) -> None:
    model["config"]["contract"]["enforced"] = False


def _without_mask(model: Manifest, source: Manifest) -> None:
    model["columns"]["email"]["config"]["meta"] = {}


def _with_constraint(model: Manifest, source: Manifest) -> None:
    model["columns"]["customer_id"]["constraints"] = [{"type": "primary_key"}]


def _with_hashed_key(model: Manifest, source: Manifest) -> None:
    model["columns"]["customer_id"]["config"]["meta"]["mask"] = "keyed_hash"


def _with_another_key(model: Manifest, source: Manifest) -> None:
    model["config"]["meta"]["key"] = ["email"]


def _without_freshness(model: Manifest, source: Manifest) -> None:
    source["freshness"] = None


def _renamed_table(model: Manifest, source: Manifest) -> None:
    source["identifier"] = "hubspot__people"


MUTANTS = [
    (a_models_prefix_matches_its_folder, _renamed),
    (nothing_reads_to_its_right, _reads_rightwards),
    (only_staging_reads_raw, _reads_raw),
    (a_public_model_is_described_and_under_contract, _without_contract),
    (a_public_column_is_described_typed_and_masked, _without_mask),
    (a_contract_declares_no_constraints, _with_constraint),
    (a_public_model_names_a_key_that_no_mask_hides, _with_hashed_key),
    (a_public_models_key_is_tested, _with_another_key),
    (a_source_has_an_owner_a_purpose_a_party_and_a_freshness, _without_freshness),
    (what_crosses_a_layer_has_a_suite, _renamed_table),
    (a_suite_guards_a_table_of_the_project, _renamed_table),
]


@pytest.mark.parametrize(("rule", "mutate"), MUTANTS, ids=[rule.__name__ for rule, _ in MUTANTS])
def test_each_rule_about_models_bites(manifest, rule, mutate):
    mutant = copy.deepcopy(manifest)
    mutate(mutant["nodes"]["model.cdp.customers"], mutant["sources"]["source.cdp.hubspot.contacts"])
    assert rule(mutant) != []


def test_every_rule_about_models_is_broken_once():
    assert [rule for rule, _ in MUTANTS] == MANIFEST_RULES
