"""What a source is: the declarations that stand beside its staging models.

Belongs here: reading and checking `_<source>__sources.yml`. Must not go here: reading any data.
Concept: dbt reads the same files, so ingestion, staging and freshness can never disagree; keys under `config.meta`
are flat, because dbt merges `meta` one level deep.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from warehouse.errors import CdpError
from warehouse.home import PROJECT, Home

STAGING = PROJECT / "dbt_project" / "models" / "staging"
LOADERS = ("files", "rest_api", "sql_database")
PARTIES = ("zero", "first", "second", "third")
FORMATS = ("csv", "jsonl", "parquet")
DELIVERIES = ("events", "upserts", "snapshot")
CONTRACTS = ("evolve", "freeze", "discard_row", "discard_value")
DATA_TYPE = re.compile(r"varchar|bigint|double|decimal\(\d+,\s*\d+\)|boolean|date|timestamp|json")
IDENTIFIERS = ("email", "phone")
SOURCE_KEYS = {
    "loader",
    "location",
    "owner",
    "purpose",
    "party",
    "base_url",
    "headers",
    "paginator",
    "connection",
    "database_schema",
}
TABLE_KEYS = {
    "format", "primary_key", "delivery", "ordered_by", "contract", "files", "encoding", "delimiter", "optional",
    "endpoint", "params", "data_selector", "cursor", "cursor_param", "initial_value", "remote_table", "paginator",
}  # fmt: skip
COLUMN_KEYS = {"required", "identifier", "mask"}
# `dagster` and `dbt` keys belong to those tools.
FOREIGN_KEYS = {"dagster", "dbt"}
NAME = re.compile(r"[a-z][a-z0-9_]*")
VARIABLE = re.compile(r"\$\{(\w+)\}")
LARGEST_DECLARATION_BYTES = 1 << 20
# The C parser reads the same safe subset, ten times as fast.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Column:
    """A declared column. A dotted name is a path inside a JSON column: its type is checked, but raw has no such
    column."""

    name: str
    data_type: str = "varchar"
    required: bool = False
    identifier: str | None = None

    @property
    def path(self) -> list[str]:
        return self.name.split(".")

    @property
    def is_nested(self) -> bool:
        return "." in self.name


@dataclass(frozen=True)
class Table:
    """A declared table; `settings` holds what only extraction reads (endpoint, cursor, ...)."""

    source: str
    name: str
    identifier: str
    description: str
    format: str
    primary_key: tuple[str, ...]
    delivery: str
    contract: str
    columns: tuple[Column, ...]
    ordered_by: str | None = None
    files: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    optional: bool = False
    settings: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        return f"{self.source}.{self.name}"

    @property
    def raw(self) -> str:
        """The raw table's name with its schema, quoted."""
        return f'raw."{self.identifier}"'

    @property
    def raw_columns(self) -> list[str]:
        return [column.name for column in self.columns if not column.is_nested]

    @property
    def required(self) -> set[str]:
        """Columns that every file must have: those said so, the key, and what orders the versions."""
        said = {column.path[0] for column in self.columns if column.required and not column.is_nested}
        return said | set(self.primary_key) | ({self.ordered_by} if self.ordered_by else set())

    @property
    def folds_in_sequence(self) -> bool:
        """True where a row is compared with its key's latest version only, so the order of delivery counts."""
        return self.delivery == "snapshot" or (self.delivery == "upserts" and self.ordered_by is None)


@dataclass(frozen=True)
class Source:
    """A declared source with its tables."""

    name: str
    description: str
    loader: str
    location: str
    owner: str
    purpose: str
    party: str
    tables: tuple[Table, ...]
    settings: dict[str, Any] = field(default_factory=dict, hash=False)

    def folder(self, home: Home) -> Path:
        """Where its files arrive; `${CDP_SOURCES}` is the home's inbox unless the environment says otherwise."""
        return Path(expanded(self.location, {"CDP_SOURCES": str(home.inbox), "CDP_HOME": str(home.root)}, self.name))


def declared_sources(folder: Path = STAGING) -> list[Source]:
    """Every source declared below `folder`, by name. Raises CdpError that lists all faults of all files at once."""
    faults: list[str] = []
    sources = [source for path in sorted(folder.glob("*/_*__sources.yml")) for source in _read(path, faults)]
    names = [source.name for source in sources]
    faults += [f"source {name} is declared twice" for name in sorted({each for each in names if names.count(each) > 1})]
    if faults:
        raise CdpError(
            "Sources are declared wrongly:\n  " + "\n  ".join(faults),
            remedy="Mend the files named; docs/add-a-source.md shows a whole declaration.",
        )
    return sorted(sources, key=lambda source: source.name)


def chosen(sources: Iterable[Source], names: Iterable[str] | None) -> list[Source]:
    """The sources of these names, all of them for None. Raises CdpError for a name that nobody declared."""
    known = {source.name: source for source in sources}
    if names is None:
        return list(known.values())
    if unknown := sorted(set(names) - set(known)):
        raise CdpError(f"No source {', '.join(unknown)}", remedy=f"Declared are: {', '.join(known) or 'none'}.")
    return [known[name] for name in dict.fromkeys(names)]


def expanded(text: str, defaults: dict[str, str], where: str) -> str:
    """`${NAME}` replaced by the environment's or the default value. Raises CdpError when neither has it."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        given = os.environ.get(name) or defaults.get(name)
        if given is None:
            raise CdpError(f"{where}: the environment has no {name}", remedy=f"Set {name}, or change the declaration.")
        return given

    return VARIABLE.sub(value, text)


def _read(path: Path, faults: list[str]) -> list[Source]:
    if path.stat().st_size > LARGEST_DECLARATION_BYTES:
        faults.append(f"{path.name}: larger than {LARGEST_DECLARATION_BYTES:,} bytes")
        return []
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE_LOADER) or {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        faults.append(f"{path.name}: not valid YAML ({type(error).__name__})")
        return []
    return [_Checked(path.name, faults).source(entry) for entry in content.get("sources") or []]


class _Checked:
    """Builds declarations from YAML, noting every fault with the place where it stands."""

    def __init__(self, file: str, faults: list[str]) -> None:
        self.file, self.faults = file, faults

    def source(self, entry: dict[str, Any]) -> Source:
        name = str(entry.get("name", ""))
        self._named(name, "source")
        meta = self._meta(entry, SOURCE_KEYS, name)
        loader = self._one_of(meta, "loader", LOADERS, "files", name)
        tables = tuple(self._table(name, loader, table) for table in entry.get("tables") or [])
        if not tables:
            self._fault(name, "no tables", "at least one")
        for key in ("owner", "purpose") + (("location",) if loader == "files" else ()):
            if not meta.get(key):
                self._fault(name, f"no {key}", f"config.meta.{key}")
        return Source(
            name=name,
            description=str(entry.get("description", "")),
            loader=loader,
            location=str(meta.get("location", "")),
            owner=str(meta.get("owner", "")),
            purpose=str(meta.get("purpose", "")),
            party=self._one_of(meta, "party", PARTIES, "first", name),
            tables=tables,
            settings=meta,
        )

    def _table(self, source: str, loader: str, entry: dict[str, Any]) -> Table:
        name = str(entry.get("name", ""))
        where = f"{source}.{name}"
        self._named(name, f"table of {source}")
        meta = self._meta(entry, TABLE_KEYS, where)
        columns = tuple(self._column(where, column) for column in entry.get("columns") or [])
        key = meta.get("primary_key") or []
        table = Table(
            source=source,
            name=name,
            identifier=str(entry.get("identifier") or f"{source}__{name}"),
            description=str(entry.get("description", "")),
            format=self._one_of(meta, "format", FORMATS, None if loader == "files" else "jsonl", where),
            primary_key=tuple([key] if isinstance(key, str) else map(str, key)),
            delivery=self._one_of(meta, "delivery", DELIVERIES, None, where),
            contract=self._one_of(meta, "contract", CONTRACTS, "evolve", where),
            columns=columns,
            ordered_by=meta.get("ordered_by"),
            files=str(meta.get("files") or f"{name}/**/*"),
            encoding=self._encoding(meta, where),
            delimiter=str(meta.get("delimiter", ",")),
            optional=bool(meta.get("optional", False)),
            settings=meta,
        )
        self._consistent(table, where)
        return table

    def _column(self, where: str, entry: dict[str, Any]) -> Column:
        name = str(entry.get("name", ""))
        meta = self._meta(entry, COLUMN_KEYS, f"{where}.{name}")
        data_type = str(entry.get("data_type", "varchar")).lower()
        if not name or name.startswith("_"):
            self._fault(where, f"column {name!r}", "a name that does not begin with _")
        if not DATA_TYPE.fullmatch(data_type):
            self._fault(
                f"{where}.{name}",
                f"data_type {data_type}",
                "varchar, bigint, double, decimal(18,2), boolean, date, timestamp or json",
            )
        identifier = meta.get("identifier")
        if identifier is not None and identifier not in IDENTIFIERS:
            self._fault(f"{where}.{name}", f"identifier {identifier}", " or ".join(IDENTIFIERS))
        return Column(name, data_type, bool(meta.get("required", False)), identifier)

    def _consistent(self, table: Table, where: str) -> None:
        names = [column.name for column in table.columns]
        folded = [name.lower() for name in names]
        if twice := sorted({name for name in names if folded.count(name.lower()) > 1}):
            self._fault(where, f"columns {', '.join(twice)}", "names that differ by more than case")
        if not table.primary_key:
            self._fault(where, "no primary_key", "config.meta.primary_key: [columns]")
        wanted = [*table.primary_key, *([table.ordered_by] if table.ordered_by else [])]
        if missing := [name for name in wanted if name not in table.raw_columns]:
            self._fault(where, f"key or order {', '.join(missing)}", "top-level columns that are declared")
        if len(table.delimiter) != 1:
            self._fault(where, f"delimiter {table.delimiter!r}", "one character")

    def _encoding(self, meta: dict[str, Any], where: str) -> str:
        encoding = str(meta.get("encoding", "utf-8"))
        try:
            "".encode(encoding)
        except LookupError:
            self._fault(where, f"encoding {encoding}", "one that Python knows, such as utf-8, latin-1, cp1252")
        return encoding.lower()

    def _meta(self, entry: dict[str, Any], allowed: set[str], where: str) -> dict[str, Any]:
        meta = {**(entry.get("meta") or {}), **((entry.get("config") or {}).get("meta") or {})}
        if unknown := sorted(set(meta) - allowed - FOREIGN_KEYS):
            self._fault(where, f"unknown meta {', '.join(unknown)}", f"only {', '.join(sorted(allowed))}")
        return meta

    def _one_of(self, meta: dict[str, Any], key: str, allowed: tuple[str, ...], default: str | None, where: str) -> str:
        value = meta.get(key, default)
        if value not in allowed:
            self._fault(where, f"{key} {'is missing' if value is None else value}", " or ".join(allowed))
        return str(value)

    def _named(self, name: str, what: str) -> None:
        if not NAME.fullmatch(name):
            self._fault(what, f"name {name!r}", "lower-case letters, digits and _")

    def _fault(self, where: str, found: str, expected: str) -> None:
        self.faults.append(f"{self.file}: {where}: found {found}; expected {expected}")
