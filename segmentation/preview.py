"""What a segment would be, before anybody commits it: from its file and what is published, masked.

Belongs here: the checks that take rows, and the counts. Must not go here: printing (cli/segment), Jinja (rendering.py),
the shape of the text (form.py).
Concept: a preview runs in a process of its own, on a connection that can neither write nor reach a file, so a query
that is wrong or runs away takes nothing with it.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from publishing.manifest import read_manifest
from publishing.read import current_folder, open_published
from segmentation.form import segment_problem
from segmentation.rendering import rendered
from warehouse.errors import CdpError, sanitised
from warehouse.home import PROJECT, Home

LONGEST_S = 60
MOST_CONDITIONS = 16
CHANNELS = ("email", "sms", "phone", "ads", "in_app", "post")
SAMPLE = "customer_id, country, lifecycle_stage, orders_count, lifetime_value_usd, last_order_at, last_seen_at"


@dataclass(frozen=True)
class Preview:
    """conditions: name, alone, kept, near misses. overlap: segment, members of both, jaccard, largest first. reach:
    channel, reachable, sendable. change: entered, left and stayed against what is published, or None for a new name."""

    name: str
    considered: int
    members: int
    conditions: list[tuple[str, int, int, int]]
    sample_columns: list[str]
    sample: list[tuple[str, ...]]
    overlap: list[tuple[str, int, float]]
    reach: list[tuple[str, int, int]]
    change: tuple[int, int, int] | None


def preview(home: Home, file: Path, longest_s: float = LONGEST_S) -> Preview:
    """What the segment in `file` would be today, worked out by a child process.

    Raises CdpError that names the segment and what is wrong with it: not readable, a private or unknown model, an
    unknown column, a `where` at its top, no customer_id, a customer twice, one whom nobody knows, no condition, no
    owner; or that it took too long.
    """
    current_folder(home)
    child = subprocess.Popen(
        [sys.executable, "-m", "segmentation.preview", str(file.resolve())],
        cwd=PROJECT,
        env=os.environ | {"CDP_HOME": str(home.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = child.communicate(timeout=longest_s)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise CdpError(
            f"{file.stem} took longer than {longest_s:g} s and was stopped",
            remedy="Read fewer rows: a trait holds what many touches say.",
        ) from None
    return _answer(file.stem, child.returncode, out)


def _answer(name: str, code: int, out: str) -> Preview:
    try:
        said = json.loads(out)
    except ValueError:
        raise CdpError(
            f"{name} ended its process (code {code}) before it answered",
            remedy="It may need more memory than CDP_MEMORY_LIMIT: read fewer rows.",
        ) from None
    if "error" in said:
        raise CdpError(said["error"], remedy=said["remedy"])
    return Preview(**said)


def look(home: Home, name: str, text: str) -> Preview:
    """The preview itself, in this process. text: the file's."""
    con = open_published(home)
    tables = [row[0] for row in con.execute("show tables").fetchall()]
    as_of = datetime.fromisoformat(read_manifest(current_folder(home))["as_of"])
    query = rendered(name, text, as_of, tables)
    if problem := segment_problem(name, query):
        raise CdpError(problem, remedy="docs/segments.md shows the form.")
    conditions = _considered(con, name, query)
    _refuse_wrong_customers(con, name)
    segment = name.removeprefix("seg_")
    con.execute("create temp table member as select customer_id from considered where failed = 0")
    considered, members = con.execute("select count(*), count(*) filter (failed = 0) from considered").fetchall()[0]
    sample = con.execute(
        f"select {SAMPLE} from customers where customer_id in (select unnest(min(customer_id, 5)) from member) "
        "order by customer_id"
    )
    columns = [column[0] for column in sample.description]
    return Preview(
        name=name,
        considered=considered,
        members=members,
        conditions=_waterfall(con, conditions),
        sample_columns=columns,
        sample=[tuple("" if cell is None else str(cell) for cell in row) for row in sample.fetchall()],
        overlap=_overlap(con, segment, members),
        reach=_reach(con),
        change=_change(con, segment),
    )


def _considered(con: duckdb.DuckDBPyConnection, name: str, query: str) -> list[str]:
    """Make `considered` (customer_id, failed: bits of the conditions that do not hold); gives the conditions."""
    try:
        columns = [(row[0], row[1]) for row in con.execute(f"describe {query}").fetchall()]
        conditions = [column for column, kind in columns if kind == "BOOLEAN"]
        if [column for column, kind in columns if kind != "BOOLEAN"] != ["customer_id"]:
            raise CdpError(
                f"{name} has the columns {', '.join(column for column, _ in columns)}",
                remedy="Select customer_id and one boolean column per condition, nothing else.",
            )
        if not 0 < len(conditions) <= MOST_CONDITIONS:
            raise CdpError(
                f"{name} has {len(conditions)} conditions", remedy=f"One at least, {MOST_CONDITIONS} at most."
            )
        quoted = ['"' + condition.replace('"', '""') + '"' for condition in conditions]
        failed = " + ".join(f"case when {one} then 0 else {2**at} end" for at, one in enumerate(quoted))
        con.execute(f"create temp table considered as select customer_id, {failed} as failed from ({query})")
    except duckdb.Error as error:
        raise CdpError(
            f"{name} does not run: {sanitised(str(error).splitlines()[0])}",
            remedy='`cdp sql "describe customers"` lists the columns of a table.',
        ) from None
    return conditions


def _refuse_wrong_customers(con: duckdb.DuckDBPyConnection, name: str) -> None:
    rows, known = con.execute(
        "select (select count(*) from considered), "
        "(select count(*) from customers semi join considered using (customer_id))"
    ).fetchall()[0]
    if rows == known:
        return
    named, distinct = con.execute("select count(customer_id), count(distinct customer_id) from considered").fetchall()[
        0
    ]
    if rows > named:
        raise CdpError(f"{name} gives rows without a customer_id", remedy="Join from customers.")
    if named > distinct:
        raise CdpError(f"{name} gives the same customer more than once", remedy="Group by customer_id.")
    raise CdpError(f"{name} gives a customer_id that is not in customers", remedy="Join from customers.")


def _waterfall(con: duckdb.DuckDBPyConnection, conditions: list[str]) -> list[tuple[str, int, int, int]]:
    patterns = con.execute("select failed, count(*) from considered group by 1").fetchall()

    def counted(holds: Any) -> int:
        return sum(count for failed, count in patterns if holds(failed))

    return [
        (
            condition,
            counted(lambda failed, bit=1 << at: not failed & bit),
            counted(lambda failed, bits=(2 << at) - 1: not failed & bits),
            counted(lambda failed, bit=1 << at: failed == bit),
        )
        for at, condition in enumerate(conditions)
    ]


def _overlap(con: duckdb.DuckDBPyConnection, segment: str, members: int) -> list[tuple[str, int, float]]:
    rows = con.execute(
        "select segment, both_count, members_count from (select segment, count(*) as both_count from segment_members "
        "semi join member using (customer_id) group by segment) join segments using (segment) "
        "where segment <> $segment order by both_count desc, segment",
        {"segment": segment},
    ).fetchall()
    return [(other, both, both / (size + members - both)) for other, both, size in rows]


def _reach(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    counts = ", ".join(
        f"count(*) filter (is_reachable_by_{channel}), "
        f"count(*) filter (is_reachable_by_{channel} and not is_suppressed)"
        for channel in CHANNELS
    )
    row = con.execute(f"""
        with suppressed as (
            select distinct customer_id from segment_members join segments using (segment)
            where list_contains(string_split(suppresses, ', '), 'promotion')
        )
        select {counts}
        from (
            select customer_traits.*, suppressed.customer_id is not null as is_suppressed
            from member join customer_traits using (customer_id) left join suppressed using (customer_id)
        )
    """).fetchall()[0]
    return [(channel, row[2 * at], row[2 * at + 1]) for at, channel in enumerate(CHANNELS)]


def _change(con: duckdb.DuckDBPyConnection, segment: str) -> tuple[int, int, int] | None:
    if not con.execute("select 1 from segments where segment = $segment", {"segment": segment}).fetchall():
        return None
    return con.execute(
        "select count(*) filter (published.customer_id is null), count(*) filter (member.customer_id is null), "
        "count(*) filter (published.customer_id = member.customer_id) from member full join "
        "(select customer_id from segment_members where segment = $segment) as published using (customer_id)",
        {"segment": segment},
    ).fetchall()[0]


def main(file: Path) -> None:
    """The child: its answer, or what is wrong, as one JSON object on standard output."""
    try:
        answer = asdict(look(Home.from_environment(), file.stem, file.read_text(encoding="utf-8")))
    except CdpError as error:
        answer = {"error": error.message, "remedy": error.remedy}
    except (OSError, UnicodeDecodeError):
        answer = {"error": f"{file.name} cannot be read", "remedy": "Name a file that holds one SQL select."}
    except duckdb.Error as error:
        answer = {"error": f"{file.stem} failed: {sanitised(str(error).splitlines()[0])}", "remedy": "Mend the query."}
    print(json.dumps(answer, default=str))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
