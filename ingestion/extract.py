"""From APIs and databases into landing, by dlt.

Belongs here: building dlt's resources from a declaration, writing what they give, moving the cursor. Must not go
here: typing, flattening, loading; rows are written as they came, one JSON object a line.
Concept: the file is on disk before it is on record, and its record and the moved cursor are one transaction of
state.sqlite; so after a kill the same rows are asked for again, and what comes twice is known by its content. A
cursor asks from its value on, that value included: rows of the same moment are never lost.

Declared in meta. rest_api, source: base_url, headers, paginator; table: endpoint, params, data_selector, paginator,
cursor (a path), cursor_param, initial_value. sql_database, source: connection, database_schema; table: remote_table,
cursor (a column), initial_value. `${NAME}` is read from the environment, so no secret stands in a declaration.
"""

import base64
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from ingestion.copying import private_folders, sync_folder
from ingestion.declared import Source, Table, expanded
from ingestion.landing import LandedFile, landed_files, landing_record
from ingestion.naming import identity_of
from warehouse.crash import crash_point
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state

ROWS_FETCHED_AT_ONCE = 5_000


def extract(home: Home, source: Source) -> list[LandedFile]:
    """Ask for what is new in every table of a source and land it; gives the new files. Raises CdpError."""
    _quiet_dlt(home)
    state = open_state(home)
    try:
        landed = [_extract_table(home, state, source, table) for table in source.tables]
    finally:
        state.close()
    return [file for file in landed if file]


def cursor_of(state: sqlite3.Connection, table: Table) -> Any:
    """Where the next extraction begins, as JSON value; the declared initial_value before the first."""
    rows = state.execute(
        "select value from cursors where source = ? and resource = ?", (table.source, table.name)
    ).fetchall()
    return json.loads(rows[0]["value"]) if rows else table.settings.get("initial_value")


def _extract_table(home: Home, state: sqlite3.Connection, source: Source, table: Table) -> LandedFile | None:
    began = datetime.now(UTC).replace(tzinfo=None)
    folder = home.landing / source.name / table.name
    private_folders(home.landing, folder)
    known = landed_files(state, source.name, table.name)
    _sweep(folder, {file.path(home) for file in known})
    before = cursor_of(state, table)
    draft = folder / "extract.part"
    try:
        rows, sha256, after = _write(draft, _rows(source, table, before), table, before)
        name = f"{table.name}/{began:%Y%m%dT%H%M%S}-{len(known) + 1:06d}.jsonl"
        seen = {identity_of(table, file.sha256, file.original_name) for file in known}
        is_news = rows or table.delivery == "snapshot"
        if not is_news or identity_of(table, sha256, name) in seen:
            return None
        size = draft.stat().st_size
        os.replace(draft, home.landing / source.name / name)
        sync_folder(folder)
    finally:
        draft.unlink(missing_ok=True)
    crash_point("extract.before_record")
    with state:
        landing_record(state, table, [(name, sha256, size, name)], began)
        if after is not None:
            state.execute(
                "insert into cursors (source, resource, value, updated_at) values (?, ?, ?, ?) "
                "on conflict (source, resource) do update set value = excluded.value, updated_at = excluded.updated_at",
                (source.name, table.name, json.dumps(after), began.isoformat()),
            )
    crash_point("extract.after_record")
    return landed_files(state, source.name, table.name)[-1]


def _write(draft: Path, rows: Iterable[dict[str, Any]], table: Table, cursor: Any) -> tuple[int, str, Any]:
    """Write rows as JSON lines; gives how many, the sha256 and the furthest cursor. On disk when this returns."""
    count, digest = 0, hashlib.sha256()
    path = str(table.settings["cursor"]).split(".") if table.settings.get("cursor") else None
    with open(draft, "wb", opener=_private) as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_as_json).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
            if path:
                cursor = _further(cursor, _at(row, path, table))
        file.flush()
        os.fsync(file.fileno())
    crash_point("extract.after_write")
    return count, digest.hexdigest(), cursor


def _rows(source: Source, table: Table, cursor: Any) -> Iterator[dict[str, Any]]:
    try:
        yield from _api(source, table, cursor) if source.loader == "rest_api" else _database(source, table, cursor)
    except CdpError:
        raise
    except Exception as error:  # noqa: BLE001 - dlt wraps whatever the driver or the server did
        raise CdpError(
            f"{table.label}: {_what_went_wrong(error)}",
            remedy="Nothing of it was landed, and its cursor stands where it stood; mend the cause and run again.",
        ) from None


def _what_went_wrong(error: BaseException) -> str:
    """The kind of the innermost error and its HTTP status; never its text, which may hold rows, addresses or
    secrets."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    response = getattr(error, "response", None)
    status = f", HTTP {response.status_code}" if response is not None else ""
    return f"extraction failed ({type(error).__name__}{status})"


def _api(source: Source, table: Table, cursor: Any) -> Iterable[dict[str, Any]]:
    from dlt.sources.rest_api import rest_api_resources

    settings = table.settings
    params = dict(settings.get("params") or {})
    if cursor is not None and settings.get("cursor_param"):
        params[settings["cursor_param"]] = cursor
    endpoint: dict[str, Any] = {"path": str(settings.get("endpoint") or table.name), "params": params}
    for key in ("data_selector", "paginator"):
        if value := settings.get(key):
            endpoint[key] = value
    client: dict[str, Any] = {"base_url": _setting(source, "base_url")}
    client["headers"] = {
        name: expanded(str(value), {}, source.name) for name, value in (source.settings.get("headers") or {}).items()
    }
    if paginator := source.settings.get("paginator"):
        client["paginator"] = paginator
    [resource] = rest_api_resources({"client": client, "resources": [{"name": table.name, "endpoint": endpoint}]})  # type: ignore[list-item,typeddict-item]
    return resource


def _database(source: Source, table: Table, cursor: Any) -> Iterable[dict[str, Any]]:
    import sqlalchemy as sa
    from dlt.sources.sql_database import sql_table

    column = table.settings.get("cursor")

    def from_cursor(query: Any, remote: Any) -> Any:
        if column is None:
            return query
        ordered = query.order_by(remote.c[column])
        return (
            ordered
            if cursor is None
            else ordered.where(remote.c[column] >= sa.cast(sa.literal(str(cursor)), remote.c[column].type))
        )

    return sql_table(
        credentials=_setting(source, "connection"),
        table=str(table.settings.get("remote_table") or table.name),
        schema=source.settings.get("database_schema"),
        query_adapter_callback=from_cursor,
        chunk_size=ROWS_FETCHED_AT_ONCE,
        reflection_level="minimal",
    )


def _setting(source: Source, key: str) -> str:
    value = source.settings.get(key)
    if not value:
        raise CdpError(
            f"{source.name}: loader {source.loader} needs {key}", remedy=f"Declare config.meta.{key} of the source."
        )
    return expanded(str(value), {}, source.name)


def _at(row: Any, path: list[str], table: Table) -> Any:
    for part in path:
        if not isinstance(row, dict) or part not in row:
            raise CdpError(
                f"{table.label}: a row has no {'.'.join(path)}, which is its cursor",
                remedy="Declare a cursor that every row has, or none: then everything is asked for each time.",
            )
        row = row[part]
    return json.loads(json.dumps(row, default=_as_json))


def _further(cursor: Any, value: Any) -> Any:
    """The later of two cursor values; numbers by size, all else as text, so times must be written alike (ISO 8601,
    UTC)."""
    if value is None:
        return cursor
    if cursor is None:
        return value
    if isinstance(cursor, int | float) and isinstance(value, int | float):
        return max(cursor, value)
    return max(cursor, value, key=str)


def _as_json(value: Any) -> Any:
    """A database's value as text that loses nothing."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value)


def _sweep(folder: Path, on_record: set[Path]) -> None:
    """Remove what a killed extraction left: it was never on record, and its rows will be asked for again."""
    for path in folder.iterdir():
        if path.is_file() and path not in on_record:
            path.unlink()


def _quiet_dlt(home: Home) -> None:
    """dlt's own folders lie in tmp and it calls nobody; said before dlt is first imported."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = str(home.tmp / "dlt")
    os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
