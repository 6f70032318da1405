"""The texts of a new source, and where they go.

Belongs here: declarations, models, tests and suites as text; inserting a line into a conformed model.
Must not go here: guesses (mapping.py) or the file (sample.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from expectations.suites import template
from ingestion.scaffold.mapping import FEEDS, Feed, match
from ingestion.scaffold.sample import Column, Sample
from warehouse.errors import CdpError
from warehouse.home import PROJECT

WORD = re.compile(r"[a-z][a-z0-9_]*")
LIST = re.compile(r"(?P<head>cdp\.conform\(\s*\[\n)(?P<lines>.*?)(?P<tail>\n\s*\])", re.DOTALL)


@dataclass(frozen=True)
class NewTable:
    """What a person asked for. feed: a key of FEEDS, or None for a table that only stands in staging."""

    source: str
    table: str
    sample: Sample
    key: tuple[str, ...]
    delivery: str
    ordered_by: str | None
    owner: str
    purpose: str
    party: str
    feed: str | None

    @property
    def model(self) -> str:
        return f"stg_{self.source}__{self.table}"

    @property
    def mapping(self) -> dict[str, str]:
        return match(self.sample, self.feed) if self.feed else {}

    @property
    def unmapped(self) -> list[str]:
        used = {*self.mapping.values(), *self.key}
        return [column.name for column in self.sample.columns if column.name not in used]


def write_source(new: NewTable, project: Path = PROJECT) -> list[str]:
    """Write everything that a new table needs; gives a line per file written or changed.

    Raises CdpError, before anything is written, when a name is no word, a column is unknown or the table exists.
    """
    _refuse_nonsense(new, project)
    staging = project / "dbt_project" / "models" / "staging" / new.source
    staging.mkdir(parents=True, exist_ok=True)
    done = [
        _append(staging / f"_{new.source}__sources.yml", _source_head(new), _declaration(new)),
        _write(staging / f"{new.model}.sql", staging_model(new, references(new, staging))),
        _write(staging / f"{new.model}__rejects.sql", f"{{{{ cdp.rejects('{new.source}', '{new.table}') }}}}\n"),
        _append(staging / f"_{new.source}__models.yml", "version: 2\n\nmodels:\n", _properties(new)),
        _write(project / "expectations" / f"staging__{new.model}.yml", template("staging", new.model, _row_key(new))),
        _write(
            project / "expectations" / f"raw__{new.source}__{new.table}.yml",
            template("raw", f"{new.source}__{new.table}", list(new.key)),
        ),
    ]
    if new.feed:
        done.append(_insert(project / "dbt_project/models/conformed" / f"{FEEDS[new.feed].model}.sql", new.model))
    return [line.replace(f"{project}/", "") for line in done]


def references(new: NewTable, staging: Path) -> dict[str, str]:
    """Columns that are the key of another table of the same source: column → feed of that table.

    So a ticket's support_user_id names the record of the person who asked.
    """
    declared = staging / f"_{new.source}__sources.yml"
    if not declared.exists():
        return {}
    found = {}
    for table in yaml.safe_load(declared.read_text())["sources"][0]["tables"]:
        meta = table["config"]["meta"]
        if (
            len(meta["primary_key"]) == 1
            and table["name"] != new.table
            and meta.get("feeds") in {"records", "accounts"}
        ):
            found[meta["primary_key"][0]] = meta["feeds"]
    return {column.name: found[column.name] for column in new.sample.columns if column.name in found}


def staging_model(new: NewTable, others: dict[str, str]) -> str:
    """The SQL of the staging model: source → renamed → select."""
    columns = ",\n".join(f"        {line}" for line in _select_list(new, others))
    return (
        f"with source as (\n\n    {{{{ cdp.typed('{new.source}', '{new.table}') }}}}\n\n),\n\n"
        f"renamed as (\n\n    select\n{columns}\n    from source\n\n)\n\nselect * from renamed\n"
    )


def _select_list(new: NewTable, others: dict[str, str]) -> Iterator[str]:
    own_id = f"'{new.source}:' || " + " || ':' || ".join(f'"{name}"' for name in new.key)
    feed = FEEDS[new.feed] if new.feed else None
    if feed:
        yield f"{own_id} as {feed.id_column}"
        yield f"'{new.source}' as source"
    if new.feed in {"records", "tickets", "orders"}:
        yield f"{_joined(new.key)} as source_{_thing(new.feed)}_id"
    for column, kind in others.items():
        target = "record_id" if kind == "records" else "account_record_id"
        if feed and feed.id_column != target:
            yield f"'{new.source}:' || \"{column}\" as {target}"
    types = {column.name: column.data_type for column in new.sample.columns}
    for target, column in new.mapping.items():
        yield f"{_expression(target, column, types[column])} as {target}"
    if feed:
        yield from (f"{value} as {name}" for name, value in feed.constants)
    yield from _rest(new, feed)
    yield "_loaded_at as recorded_at"


def _rest(new: NewTable, feed: Feed | None) -> Iterator[str]:
    """Columns that no contract knows stay in staging under a name of their own."""
    taken = {*new.mapping, *(feed.columns if feed else ()), "record_id", "source", "recorded_at"}
    names = [column.name for column in new.sample.columns if column.name not in new.mapping.values()]
    for name in names:
        clean = re.sub(r"\W+", "_", name).strip("_").lower()
        yield f'"{name}" as {clean}_{new.source}' if clean in taken or name in new.key else f'"{name}" as {clean}'


def _expression(target: str, column: str, data_type: str) -> str:
    quoted = f'"{column}"'
    if column.lower().endswith("cents"):
        return f"{{{{ cdp.cents('{quoted}') }}}}"
    if target == "street":
        return f"{{{{ cdp.street('{quoted}') }}}}"
    if target == "currency":
        return f"upper({quoted})"
    if target.endswith("_at") and data_type == "date":
        return f"cast({quoted} as timestamp)"
    return quoted


def _joined(key: tuple[str, ...]) -> str:
    return " || ':' || ".join(f'"{name}"' for name in key)


def _thing(feed: str) -> str:
    return feed.removesuffix("s")


def _row_key(new: NewTable) -> str:
    return FEEDS[new.feed].id_column if new.feed else f"{re.sub(r'[^a-z0-9]+', '_', new.key[0].lower())}_{new.source}"


def _source_head(new: NewTable) -> str:
    return (
        f"version: 2\n\nsources:\n  - name: {new.source}\n    schema: raw\n"
        f"    description: {_yaml(f'Files of {new.source}.')}\n    config:\n"
        f'      meta: {{loader: files, location: "${{CDP_SOURCES}}/{new.source}", owner: {_yaml(new.owner)}, '
        f"purpose: {_yaml(new.purpose)}, party: {new.party}}}\n"
        "      loaded_at_field: _loaded_at\n      freshness: {warn_after: {count: 7, period: day}}\n    tables:\n"
    )


def _declaration(new: NewTable) -> str:
    meta = {
        "format": new.sample.format,
        "primary_key": list(new.key),
        "delivery": new.delivery,
        "ordered_by": new.ordered_by,
        "delimiter": new.sample.delimiter if new.sample.format == "csv" and new.sample.delimiter != "," else None,
        "contract": "evolve",
        "feeds": new.feed,
    }
    given = {name: value for name, value in meta.items() if value is not None}
    return (
        f"      - name: {new.table}\n        identifier: {new.source}__{new.table}\n"
        f"        description: {_yaml(f'{new.table} of {new.source}, as sent.')}\n"
        f"        config: {{meta: {_yaml(given)}}}\n        columns:\n"
        + "".join(f"          - {_yaml(_column(column, new))}\n" for column in new.sample.columns)
        + "\n"
    )


def _column(column: Column, new: NewTable) -> dict[str, object]:
    about = {"name": column.name, "data_type": column.data_type, "description": column.name.replace("_", " ")}
    return about | ({"config": {"meta": {"required": True}}} if column.name in new.key else {})


def _properties(new: NewTable) -> str:
    return (
        f"  - name: {new.model}\n    description: {_yaml(f'The newest version of every row of {new.table} of {new.source}.')}\n"
        f"    columns:\n      - name: {_row_key(new)}\n        description: Key of the row\n"
        "        data_tests: [not_null, unique]\n"
        f"  - name: {new.model}__rejects\n    description: Values that would not cast; their rows stay, with null.\n\n"
    )


def _yaml(value: object) -> str:
    return (
        yaml.safe_dump(value, default_flow_style=True, width=1000, sort_keys=False)
        .strip()
        .removesuffix("\n...")
        .strip()
    )


def _refuse_nonsense(new: NewTable, project: Path) -> None:
    for name in (new.source, new.table):
        if not WORD.fullmatch(name) or "__" in name:
            raise CdpError(f"{name!r} is no name for a source or table", remedy="Use lower-case letters, digits and _.")
    known = {column.name for column in new.sample.columns}
    for name in (*new.key, *([new.ordered_by] if new.ordered_by else [])):
        if name not in known:
            raise CdpError(
                f"{new.sample.path.name} has no column {name}", remedy=f"It has: {', '.join(sorted(known))}."
            )
    if new.feed and new.feed not in FEEDS:
        raise CdpError(f"Nothing is fed by {new.feed!r}", remedy=f"Choose one of {', '.join(FEEDS)}, or none.")
    if (project / "dbt_project/models/staging" / new.source / f"{new.model}.sql").exists():
        raise CdpError(f"{new.model} exists already", remedy="Choose another --table, or delete its files first.")


def _write(path: Path, text: str) -> str:
    path.write_text(text)
    return f"wrote    {path}"


def _append(path: Path, head: str, text: str) -> str:
    existed = path.exists()
    before = path.read_text().rstrip() + "\n\n" if existed else head
    path.write_text((before + text).rstrip() + "\n")
    return f"{'extended' if existed else 'wrote   '} {path}"


def _insert(path: Path, model: str) -> str:
    """Add a line to the list of staging models that a conformed model unions."""
    text = path.read_text()
    found = LIST.search(text)
    if not found:
        raise CdpError(f"{path.name} has no cdp.conform([...]) list", remedy=f"Add ref('{model}') to it by hand.")
    lines = found["lines"].rstrip().rstrip(",")
    indent = re.match(r"\s*", lines.splitlines()[-1])
    line = f"{lines},\n{indent[0] if indent else ''}ref('{model}')"
    path.write_text(text[: found.start("lines")] + line + text[found.end("lines") :])
    return f"added    {path}: ref('{model}')"
