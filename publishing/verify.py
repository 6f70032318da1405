"""Verifying a generation in a process that has not written it.

Belongs here: every check that needs nothing but the generation's own folder. Must not go here: gates (refusal.py),
which judge the warehouse. Run as `python -m publishing.verify FOLDER`: prints one problem per line and
exits with 1 if there is any.
Concept: only a fresh process reads what is on the disk rather than what the writer still has in memory.
"""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from governance.masking import HASH_LENGTH, masked
from publishing.files import FLIPPED, MANIFEST, MASKED, MODES, RESTRICTED, attach, digest, shape
from warehouse.errors import CdpError, sanitised
from warehouse.home import PROJECT
from warehouse.quoting import quoted


def verify_generation(folder: Path) -> None:
    """Raises CdpError naming every way in which the files differ from the manifest."""
    done = subprocess.run(
        [sys.executable, "-m", "publishing.verify", str(folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        found = done.stdout.strip().replace("\n", "; ") or sanitised(done.stderr.strip()[-500:]) or "no message"
        raise CdpError(
            f"Generation {folder.name} does not hold what its manifest says: {found}",
            remedy="Readers still have the generation before it. Run `cdp run` again; if it recurs, check the disk.",
        )


def problems(folder: Path) -> Iterator[str]:
    """Each difference between the folder and its manifest, without any value."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest["generation"] != folder.name.split(".")[0]:
        yield f"the manifest is of {manifest['generation']}"
    yield from _stray_files(folder)
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    different = [
        problem for file, tables in manifest["files"].items() for problem in _file_problems(con, folder / file, tables)
    ]
    yield from different
    for table in manifest["tables"].values() if not different else ():
        yield from _key_problems(con, table)
        yield from _mask_problems(con, table)


def _stray_files(folder: Path) -> Iterator[str]:
    present = {path.name for path in folder.iterdir()}
    expected = {*MODES, MANIFEST}
    yield from (f"{name} is missing" for name in sorted(expected - present))
    yield from (f"{name} should not be there" for name in sorted(present - expected - {FLIPPED}))
    for name in sorted(MODES.keys() & present):
        if (mode := stat.S_IMODE((folder / name).stat().st_mode)) != MODES[name]:
            yield f"{name} has mode {mode:o} where {MODES[name]:o} is due"


def _file_problems(con: duckdb.DuckDBPyConnection, file: Path, tables: dict[str, Any]) -> Iterator[str]:
    try:
        attach(con, file, file.stem)
        yield from _table_problems(con, file, tables)
    except duckdb.Error as error:
        yield f"{file.name} cannot be read: {sanitised(error)}"


def _table_problems(con: duckdb.DuckDBPyConnection, file: Path, tables: dict[str, Any]) -> Iterator[str]:
    # No parameter here: binding one makes DuckDB import pandas, which takes longer than the whole verification.
    rows = con.execute(f"select table_name from duckdb_tables() where database_name = '{file.stem}'").fetchall()
    found = {row[0] for row in rows}
    yield from (f"{file.name} lacks the table {name}" for name in sorted(tables.keys() - found))
    yield from (f"{file.name} has the table {name}, unlisted" for name in sorted(found - tables.keys()))
    for name in sorted(tables.keys() & found):
        query = f"select * from {file.stem}.main.{quoted(name)}"
        expected, actual = tables[name], digest(con, query) | {"columns": shape(con, query)}
        if expected["columns"] != actual["columns"]:
            yield f"{file.name}: {name} has other columns than listed"
        elif expected["rows"] != actual["rows"]:
            yield f"{file.name}: {name} has {actual['rows']} rows where {expected['rows']} are listed"
        elif expected["digest"] != actual["digest"]:
            yield f"{file.name}: {name} has other contents than the warehouse had"


def _key_problems(con: duckdb.DuckDBPyConnection, table: dict[str, Any]) -> Iterator[str]:
    """The key joins the masked and the restricted half, so it must be complete and unique."""
    key = ", ".join(map(quoted, table["key"]))
    holes = " or ".join(f"{quoted(column)} is null" for column in table["key"])
    keys = f"(select distinct {key} from {_masked(table)})"
    total, incomplete, distinct = con.execute(
        f"select count(*), count(*) filter ({holes}), (select count(*) from {keys}) from {_masked(table)}"
    ).fetchall()[0]
    if incomplete:
        yield f"{table['name']} has {incomplete} rows with a null in its key ({key})"
    if distinct != total:
        yield f"{table['name']} has {total - distinct} rows whose key ({key}) another row has too"


def _mask_problems(con: duckdb.DuckDBPyConnection, table: dict[str, Any]) -> Iterator[str]:
    """Recompute every mask from the restricted half; a keyed hash, whose key is not here, is judged by its shape."""
    present = {name for name, _ in shape(con, f"select * from {_masked(table)}")}
    dropped = [column["name"] for column in table["columns"] if column["mask"] == "drop"]
    yield from (f"{table['name']}.{name} is published, but is to be dropped" for name in dropped if name in present)
    checks = {
        column["name"]: _unmasked(column) for column in table["columns"] if column["mask"] not in {"keep", "drop"}
    }
    if not checks:
        return
    counts = ", ".join(f"count(*) filter ({check})" for check in checks.values())
    joined = f"{_masked(table)} as m join {_restricted(table)} as r using ({', '.join(map(quoted, table['key']))})"
    rows, *wrong = con.execute(f"select count(*), {counts} from {joined}").fetchall()[0]
    for name, count in zip(checks, wrong, strict=True):
        if count:
            yield f"{table['name']}.{name} has {count} of {rows} values that its mask does not give"


def _unmasked(column: dict[str, str]) -> str:
    """True for a row whose published value is not the mask of the raw one."""
    published, raw = f"m.{quoted(column['name'])}", f"r.{quoted(column['name'])}"
    if column["mask"] != "keyed_hash":
        return f"{published} is distinct from {masked(raw, column['mask'])}"
    well_formed = f"regexp_full_match({published}, '[0-9a-f]{{{HASH_LENGTH}}}') and {published} <> {raw}::varchar"
    return f"({published} is null) <> ({raw} is null) or not coalesce({well_formed}, true)"


def _masked(table: dict[str, Any]) -> str:
    return f"{Path(MASKED).stem}.main.{quoted(table['name'])}"


def _restricted(table: dict[str, Any]) -> str:
    return f"{Path(RESTRICTED).stem}.main.{quoted(table['name'])}"


def main(folder: Path) -> int:
    found = list(problems(folder))
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
