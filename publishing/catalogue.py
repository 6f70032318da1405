"""What is published, read from dbt's manifest.

Belongs here: which relations go out, with which columns, masks and keys, and the refusal of a careless declaration.
Must not go here: how they are copied (build.py) or what a mask does (governance/masking.py).
Concept: published is the set of models with `access: public`, a contract, a key and a mask on every column; beside it
the generation carries the private relations that the next run remembers (`meta.carried: true`) and the activation
layer.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.masking import MASKS, misfit, transforms
from warehouse.errors import CdpError

# Relations that the next run reads from the generation: without them it would give everybody a new id.
MEMORY = ("identity_map", "account_map", "household_map", "int_group_history")
PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Column:
    """One column of a public model. mask is one of governance.masking.MASKS."""

    name: str
    data_type: str
    description: str
    mask: str


@dataclass(frozen=True)
class PublicTable:
    """A public model: `layer.name` in the warehouse, `name` in the published files; key columns are never masked.

    ordered_by: how rows lie in the file, which is how they are looked up; the key where nothing is said.
    """

    name: str
    layer: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    ordered_by: tuple[str, ...] = ()

    @property
    def restricted_columns(self) -> tuple[Column, ...]:
        """Those that the masked file lacks or holds only in masked form."""
        return tuple(column for column in self.columns if transforms(column.mask))


@dataclass(frozen=True)
class CarriedTable:
    """A private relation kept in activation.duckdb. columns is empty where all are carried; key may be empty."""

    name: str
    layer: str
    description: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything that a generation holds, in order of name. project_hash changes with any node of the dbt project."""

    public: tuple[PublicTable, ...]
    carried: tuple[CarriedTable, ...]
    project_hash: str = ""


def read_catalogue(manifest: Path) -> Catalogue:
    """The catalogue declared in dbt's manifest.json.

    Raises CdpError that names every public model without contract, key or description, every column without a mask or
    with one that does not fit, and every name used twice; so nothing that was not thought about is published.
    """
    nodes = _nodes(manifest)
    public = [node for node in nodes if _is_public(node)]
    carried = [node for node in nodes if _is_carried(node)]
    problems = [problem for node in public for problem in _problems(node)]
    problems += _clashes("public", public) + _clashes("carried", carried)
    problems += [
        f"{_name(node)} is what the next run remembers by, but is not carried (config.meta.carried: true)"
        for node in nodes
        if _name(node) in MEMORY and node not in carried
    ]
    if problems:
        raise CdpError(
            f"{len(problems)} declarations are not fit to publish: " + "; ".join(problems),
            remedy="Mend them in the models' YAML under dbt_project/models/; each public column needs "
            f"`config: {{meta: {{mask: ...}}}}` with one of {', '.join(MASKS)}.",
        )
    return Catalogue(
        tuple(sorted(map(_public, public), key=lambda table: table.name)),
        tuple(sorted(map(_carried, carried), key=lambda table: table.name)),
        _project_hash(nodes),
    )


def _nodes(manifest: Path) -> list[dict[str, Any]]:
    if not manifest.exists():
        raise CdpError(f"dbt's manifest is missing at {manifest}", remedy="Run `cdp run`: it parses the project first.")
    content = json.loads(manifest.read_text())
    models = [node for node in content["nodes"].values() if node["resource_type"] == "model"]
    return models + list(content.get("sources", {}).values())


def _meta(entry: dict[str, Any]) -> dict[str, Any]:
    """config.meta where dbt puts it now, over meta where it was."""
    return (entry.get("meta") or {}) | ((entry.get("config") or {}).get("meta") or {})


def _is_public(node: dict[str, Any]) -> bool:
    return node["resource_type"] == "model" and (node.get("access") or node["config"].get("access")) == "public"


def _is_carried(node: dict[str, Any]) -> bool:
    return bool(_meta(node).get("carried")) or (node["resource_type"] == "model" and node["schema"] == "activation")


def _name(node: dict[str, Any]) -> str:
    return node.get("alias") or node.get("identifier") or node["name"]


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _problems(node: dict[str, Any]) -> list[str]:
    """What is careless about one public model, each a sentence that begins with its name."""
    name, columns, key = _name(node), node["columns"], _as_list(_meta(node).get("key"))
    found = []
    if not PLAIN_NAME.fullmatch(name):
        found.append(f"{name} is not a plain lower-case name")
    if not (node["config"].get("contract") or {}).get("enforced"):
        found.append(f"{name} has no enforced contract")
    if not (node.get("description") or "").strip():
        found.append(f"{name} has no description")
    if not key:
        found.append(f"{name} has no key (config.meta.key)")
    found += [f"{name}.{column} is its key, but no column of it" for column in key if column not in columns]
    kept = [column["name"] for column in columns.values() if _meta(column).get("mask") == "keep"]
    order = _as_list(_meta(node).get("ordered_by"))
    found += [
        f"{name}.{column} orders it, but is no column with the mask keep" for column in order if column not in kept
    ]
    found += [f"{name}.{problem}" for column in columns.values() for problem in _column_problems(column, key)]
    return found


def _column_problems(column: dict[str, Any], key: list[str]) -> Iterable[str]:
    name, meta = column["name"], _meta(column)
    mask = meta.get("mask")
    if not (column.get("description") or "").strip():
        yield f"{name} has no description"
    if not column.get("data_type"):
        yield f"{name} has no data_type"
    if mask is None:
        yield f"{name} has no mask"
    elif mask not in MASKS:
        yield f"{name} has the unknown mask {mask}"
    elif name in key and transforms(mask):
        yield f"{name} is part of the key, so its mask must be keep, not {mask}"
    elif why := misfit(name, column.get("data_type") or "", mask, bool(meta.get("free_text"))):
        yield f"{name} {why}"


def _clashes(kind: str, nodes: list[dict[str, Any]]) -> list[str]:
    """Names that two relations of one file would share: published files have no schemas."""
    times = Counter(map(_name, nodes))
    return [f"{name} names {count} {kind} relations" for name, count in sorted(times.items()) if count > 1]


def _public(node: dict[str, Any]) -> PublicTable:
    columns = tuple(
        Column(column["name"], column["data_type"], column["description"].strip(), _meta(column)["mask"])
        for column in node["columns"].values()
    )
    key, order = _as_list(_meta(node)["key"]), _as_list(_meta(node).get("ordered_by"))
    return PublicTable(
        _name(node), node["schema"], node["description"].strip(), tuple(key), columns, tuple(order or key)
    )


def _carried(node: dict[str, Any]) -> CarriedTable:
    carried = _meta(node).get("carried")
    columns = () if isinstance(carried, bool) or carried is None else tuple(_as_list(carried))
    key = tuple(_as_list(_meta(node).get("key")))
    return CarriedTable(_name(node), node["schema"], (node.get("description") or "").strip(), key, columns)


def _project_hash(nodes: list[dict[str, Any]]) -> str:
    lines = sorted(f"{node['unique_id']} {(node.get('checksum') or {}).get('checksum', '')}" for node in nodes)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
