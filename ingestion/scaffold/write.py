"""Where the texts of a new source go.

Belongs here: declarations, tests and suites as text; inserting a line into a list of models.
Must not go here: guesses (mapping.py), the staging model's SQL (model.py) or the sample (sample.py).
"""

import re
from pathlib import Path
from typing import Any

import yaml

from expectations.suites import template
from ingestion.scaffold.mapping import FEEDS
from ingestion.scaffold.model import NewTable, members_model, staging_model
from ingestion.scaffold.sample import Column
from warehouse.errors import CdpError
from warehouse.home import PROJECT

MEMBER_KEY = ["account_record_id", "record_id"]
WORD = re.compile(r"[a-z][a-z0-9_]*")
COUNTRY = re.compile(r"[A-Z]{2}")
LIST = re.compile(r"(?P<head>cdp\.(?:conform|rejected_values)\(\s*\[\n)(?P<lines>.*?)(?P<tail>\n\s*\])", re.DOTALL)
CHOICES = {"delivery": ("upserts", "events", "snapshot"), "party": ("zero", "first", "second", "third")}


def write_source(new: NewTable, project: Path = PROJECT) -> list[str]:
    """Write everything that a new table needs; gives a line per file written or changed.

    Raises CdpError, before anything is written, when a name is no word, a column is unknown or the table exists.
    """
    _refuse_nonsense(new, project)
    staging = project / "dbt_project/models/staging" / new.source
    others = references(new, project)
    has_companies = new.feed == "records" and "accounts" in others.values()
    inserted = [(path, with_line(path, model), model) for path, model in _lists(new, project, has_companies)]
    sql = {
        new.model: staging_model(new, others, contract(new, project)),
        f"{new.model}__rejects": f"{{{{ cdp.rejects('{new.source}', '{new.table}') }}}}\n",
    } | ({new.members: members_model(new)} if has_companies else {})
    staging.mkdir(parents=True, exist_ok=True)
    done = [
        _append(staging / f"_{new.source}__sources.yml", _source_head(new), _declaration(new)),
        *(_write(staging / f"{model}.sql", text) for model, text in sql.items()),
        _append(staging / f"_{new.source}__models.yml", "version: 2\n\nmodels:\n", _properties(new, has_companies)),
        *(_write(project / "expectations" / name, text) for name, text in _suites(new, has_companies).items()),
    ]
    for path, text, model in inserted:
        path.write_text(text)
        done.append(f"added    {path}: ref('{model}')")
    return [line.replace(f"{project}/", "") for line in done]


def _lists(new: NewTable, project: Path, has_companies: bool) -> list[tuple[Path, str]]:
    """The models that must name the new ones."""
    conformed = project / "dbt_project/models/conformed"
    lists = [(project / "dbt_project/models/profiles/quarantine.sql", f"{new.model}__rejects")]
    lists += [(conformed / f"{new.feeds.model}.sql", new.model)] if new.feeds else []
    return lists + ([(conformed / "int_account_members.sql", new.members)] if has_companies else [])


def references(new: NewTable, project: Path = PROJECT) -> dict[str, str]:
    """Columns that are the key of another table of the same source: column → feed of that table.

    So a ticket's support_user_id names the record of the person who asked. A key that is called `id` is looked for as
    `<table in the singular>_id`.
    """
    found: dict[str, str] = {}
    for table in _declared_tables(new, project):
        key, feed = table["config"]["meta"]["primary_key"], _feed_of(f"stg_{new.source}__{table['name']}", project)
        if len(key) == 1 and table["name"] != new.table and feed in {"records", "accounts"}:
            found |= dict.fromkeys(_names_of(key[0], table["name"]), feed)
    return {name: found[name] for name in new.columns if name in found and name not in new.key}


def contract(new: NewTable, project: Path = PROJECT) -> set[str]:
    """The columns of the conformed model that the table feeds."""
    wanted = new.feeds.model if new.feeds else None
    for path in (project / "dbt_project/models/conformed").glob("_*.yml"):
        for model in yaml.safe_load(path.read_text()).get("models", []):
            if model["name"] == wanted:
                return {column["name"] for column in model["columns"]}
    return set()


def with_line(path: Path, model: str) -> str:
    """The text of a model with one more ref() in its list of staging models.

    It comes first, so that to delete its line is to have the list as it was.
    """
    text = path.read_text()
    found = LIST.search(text)
    if not found:
        raise CdpError(
            f"{path.name} has no cdp.conform([...]) or cdp.rejected_values([...]) list with a line per model",
            remedy=f"Give it one, or add ref('{model}') by hand.",
        )
    if re.search(rf"ref\('{model}'\)", found["lines"]):
        raise CdpError(f"{path.name} lists {model} already", remedy="Choose another --table, or take that line out.")
    at, lines = found.start("lines"), found["lines"]
    indent = lines[: len(lines) - len(lines.lstrip())]
    return f"{text[:at]}{indent}ref('{model}'),\n{text[at:]}"


def _declared_tables(new: NewTable, project: Path) -> list[dict[str, Any]]:
    path = project / "dbt_project/models/staging" / new.source / f"_{new.source}__sources.yml"
    return yaml.safe_load(path.read_text())["sources"][0]["tables"] if path.exists() else []


def _feed_of(model: str, project: Path) -> str | None:
    """What a staging model feeds: the first conformed model that lists it."""
    for name, feed in FEEDS.items():
        if f"ref('{model}')" in (project / "dbt_project/models/conformed" / f"{feed.model}.sql").read_text():
            return name
    return None


def _names_of(key: str, table: str) -> set[str]:
    if key.lower() != "id":
        return {key}
    singular = re.sub(r"ies$", "y", table) if table.endswith("ies") else table.removesuffix("s")
    return {f"{singular}_id", f"{singular}Id"}


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
    about = {"name": column.name, "data_type": column.data_type, "description": re.sub(r"[_.]+", " ", column.name)}
    meta: dict[str, object] = {"required": True} if column.name in new.key else {}
    # Ingestion looks for erased people by these.
    kind = next((kind for kind in ("email", "phone") if new.mapping.get(kind) == column.name), None)
    meta |= {"identifier": kind} if kind else {}
    return about | ({"config": {"meta": meta}} if meta else {})


def _properties(new: NewTable, has_companies: bool) -> str:
    newest = f"The newest version of every row of {new.table} of {new.source}."
    text = _described(new.model, newest, [new.row_key])
    if has_companies:
        text += _described(new.members, f"Which company each of them belongs to, by {new.source}.", MEMBER_KEY)
    return text + (
        f"  - name: {new.model}__rejects\n"
        f"    description: Values of {new.table} that would not cast to their declared type; the row stays.\n\n"
    )


def _described(model: str, description: str, key: list[str]) -> str:
    columns = "".join(f"      - {{name: {name}, description: Key of the row}}\n" for name in key)
    return (
        f"  - name: {model}\n    description: {_yaml(description)}\n"
        f"    data_tests:\n      - unique_together: {{arguments: {{columns: [{', '.join(key)}]}}}}\n"
        f"    columns:\n{columns}\n"
    )


def _suites(new: NewTable, has_companies: bool) -> dict[str, str]:
    raw = f"{new.source}__{new.table}"
    keys = {new.model: [new.row_key]} | ({new.members: MEMBER_KEY} if has_companies else {})
    staging = {f"staging__{model}.yml": template("staging", model, key) for model, key in keys.items()}
    return {f"raw__{raw}.yml": template("raw", raw, list(new.key)), **staging}


def _yaml(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=100_000, sort_keys=False, allow_unicode=True)
    return text.strip().removesuffix("\n...").strip()


def _refuse_nonsense(new: NewTable, project: Path) -> None:
    for name in (new.source, new.table):
        if not WORD.fullmatch(name) or "__" in name or name.endswith("_"):
            raise CdpError(f"{name!r} is no name for a source or table", remedy="Use lower-case letters, digits and _.")
    for what, allowed in CHOICES.items():
        if getattr(new, what) not in allowed:
            raise CdpError(f"--{what} {getattr(new, what)!r} is unknown", remedy=f"Choose one of {', '.join(allowed)}.")
    if new.feed and new.feed not in FEEDS:
        raise CdpError(f"Nothing is fed by {new.feed!r}", remedy=f"Choose one of {', '.join(FEEDS)}, or none.")
    if new.country and not COUNTRY.fullmatch(new.country):
        raise CdpError(
            f"{new.country!r} is no country", remedy="Use two capital letters of ISO 3166, such as US or DE."
        )
    _refuse_columns(new)
    _refuse_existing(new, project)


def _refuse_columns(new: NewTable) -> None:
    known = [column.name for column in new.sample.columns if not column.is_nested]
    for name in (*new.key, *([new.ordered_by] if new.ordered_by else [])):
        if name not in known:
            raise CdpError(f"{new.sample.path.name} has no column {name}", remedy=f"It has: {', '.join(known)}.")
    if len({name.lower() for name in new.columns}) < len(new.columns):
        raise CdpError(
            f"{new.sample.path.name} has columns whose names differ by case alone",
            remedy="Rename one of them in the export.",
        )


def _refuse_existing(new: NewTable, project: Path) -> None:
    staging = project / "dbt_project/models/staging" / new.source
    declared = {table["name"] for table in _declared_tables(new, project)}
    if new.table in declared or (staging / f"{new.model}.sql").exists():
        raise CdpError(
            f"{new.source}.{new.table} exists already",
            remedy="Choose another --table, or remove it first as docs/add-a-source.md says.",
        )


def _write(path: Path, text: str) -> str:
    existed = path.exists()
    path.write_text(text)
    return f"{'replaced' if existed else 'wrote   '} {path}"


def _append(path: Path, head: str, text: str) -> str:
    existed = path.exists()
    before = path.read_text().rstrip() + "\n\n" if existed else head
    path.write_text((before + text).rstrip() + "\n")
    return f"{'extended' if existed else 'wrote   '} {path}"
