"""How long every overlap of two hundred segments takes, and a preview, at a million customers.

Belongs here: invented conditions and traits of that size, and the two measurements. Must not go here: the SQL that is
measured, which is the model's own (dbt_project/models/segments/segment_overlap.sql) and the preview's own.

Run `python -m benchmarks.segment_overlap [CUSTOMERS] [SEGMENTS]`.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import jinja2

from benchmarks.measure import machine
from publishing.files import MANIFEST, MASKED
from segmentation.preview import CHANNELS
from warehouse.home import PROJECT, Home

MODELS = PROJECT / "dbt_project/models/segments"
MEMBER_SHARE = 0.1
SEGMENT = MODELS / "library" / "seg_win_back_candidates.sql"
MOST_S = {"overlap": 15.0, "preview": 2.0}


def overlap_sql(segments: list[str]) -> str:
    """The model's own query over the tables `int_segment_conditions` and `segments`."""
    house = type("House", (), {"segment_columns": staticmethod(lambda: segments)})
    template = jinja2.Environment().from_string((MODELS / "segment_overlap.sql").read_text(encoding="utf-8"))
    return template.render(ref=lambda name: name, cdp=house)


def measure_overlap(customers: int, segments: int) -> tuple[float, int]:
    """Seconds for all pairs, and how many pairs there are."""
    names = [f"segment_{at:03}" for at in range(segments)]
    con = duckdb.connect()
    con.execute("set threads = 2")
    columns = ", ".join(f"(random() > {MEMBER_SHARE})::usmallint as {name}" for name in names)
    con.execute(
        f"create table int_segment_conditions as select 'cus_' || md5(i::varchar)[:16] as customer_id, {columns} "
        f"from range({customers}) as rows (i)"
    )
    con.execute(
        "create table segments as "
        + " union all ".join(
            f"select '{name}' as segment, count(*) as members_count from int_segment_conditions where {name} = 0"
            for name in names
        )
    )
    begun = time.monotonic()
    con.execute(f"create table segment_overlap as {overlap_sql(names)}")
    seconds = time.monotonic() - begun
    _refuse_wrong_counts(con, names)
    return seconds, con.execute("select count(*) from segment_overlap").fetchall()[0][0]


def _refuse_wrong_counts(con: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """The first segment's overlaps, counted one by one."""
    first, *others = names
    counted = ", ".join(f"count(*) filter ({first} = 0 and {other} = 0)" for other in others)
    wanted = list(con.execute(f"select {counted} from int_segment_conditions").fetchall()[0])
    found = con.execute(
        "select both_count from segment_overlap where segment_l = $first order by segment_r", {"first": first}
    ).fetchall()
    assert [both for (both,) in found] == wanted


def measure_preview(customers: int, segments: int) -> float:
    """Seconds of `cdp segment preview` as a person runs it, on a generation that holds nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").prepare()
        generation = home.published / "20260101T000000000000Z-bench"
        generation.mkdir(parents=True)
        home.current.symlink_to(generation.name)
        (generation / MANIFEST).write_text(json.dumps({"as_of": "2026-01-01T00:00:00", "tables": {}}))
        con = duckdb.connect(str(generation / MASKED))
        con.execute(_published(customers, segments))
        con.close()
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "cli", "segment", "preview", str(SEGMENT)],
            cwd=PROJECT,
            env={"CDP_HOME": str(home.root), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - begun
    assert done.returncode == 0, done.stderr
    return seconds


def _published(customers: int, segments: int) -> str:
    reach = ", ".join(f"random() > 0.5 as is_reachable_by_{channel}" for channel in CHANNELS)
    return f"""
        create table customers as
        select
            'cus_' || md5(i::varchar)[:16] as customer_id, 'DE' as country, 'customer' as lifecycle_stage,
            (random() * 5)::bigint as orders_count, (random() * 900)::decimal(18, 2) as lifetime_value_usd,
            timestamp '2026-01-01' - to_days((random() * 700)::integer) as last_order_at,
            timestamp '2026-01-01' - to_days((random() * 200)::integer) as last_seen_at
        from range({customers}) as rows (i)
        order by customer_id;
        create table customer_traits as select customer_id, {reach} from customers order by customer_id;
        create table segments as
        select 'segment_' || i as segment, {int(customers * MEMBER_SHARE)} as members_count,
            if(i = 0, 'promotion', '') as suppresses
        from range({segments}) as rows (i);
        create table segment_members as
        select segment, customer_id from segments, customers where random() < {MEMBER_SHARE}
        order by segment, customer_id;
    """


def main(customers: int, segments: int) -> int:
    print(f"{machine()}\n")
    overlap, pairs = measure_overlap(customers, segments)
    print(
        f"overlap of {pairs:,} pairs of segments, {customers:,} customers: {overlap:.1f} s (most {MOST_S['overlap']:g})"
    )
    preview = measure_preview(customers, segments)
    print(f"cdp segment preview: {preview:.1f} s (most {MOST_S['preview']:g})")
    return int(overlap > MOST_S["overlap"] or preview > MOST_S["preview"])


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [1_000_000, 200][len(given) :])))
