"""A million events from JSON lines into raw, beside DuckDB's bare read and write of the same file.

Belongs here: the events, the two loads, the ratio. Must not go here: tests.
Concept: pairs in one process, alternating, so a slow minute of the machine hits both sides; the median ratio counts.
Ours copies the file into landing first (hashed, on disk), then loads with ledger, quarantine, contract and
duplicates; both figures are shown.
"""

import json
import random
import statistics
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import typer

from benchmarks.measure import machine
from ingestion.declared import Source, chosen, declared_sources
from ingestion.landing import land
from ingestion.load import load
from warehouse.connection import apply_settings, connect
from warehouse.home import Home
from warehouse.quoting import literal
from warehouse.run import RunContext

TRACKED = ("Product Viewed", "Product Added", "Order Completed", "Feature Used", "Signed In")
AGENT = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
)


def main(events: int = 1_000_000, pairs: int = 5, seed: int = 7) -> None:
    """Print the ratio of our load to DuckDB's own."""
    print(f"# {events:,} events from JSON lines — {machine()}, DuckDB {duckdb.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        source = _source(Path(folder))
        path = Path(folder) / "inbox" / "events" / "events.jsonl"
        _write_events(path, events, seed)
        print(f"{path.stat().st_size / 2**20:,.0f} MiB")
        duckdb.execute("select $one", {"one": 1})  # DuckDB imports pandas at a process's first parameter: 1.3 s
        ratios = [_pair(Path(folder), source, path, number) for number in range(pairs)]
    loads, both = zip(*ratios, strict=True)
    print(
        f"median: load {statistics.median(loads):.2f} x (target: at most 1.5), "
        f"landing and load {statistics.median(both):.2f} x"
    )


def _pair(folder: Path, source: Source, path: Path, number: int) -> tuple[float, float]:
    bare = _bare(folder / f"bare{number}.duckdb", source, path)
    landing, loading = _ours(folder / f"home{number}", source)
    print(
        f"bare {bare:5.2f} s   landing {landing:5.2f} s   load {loading:5.2f} s   "
        f"load {loading / bare:.2f} x   both {(landing + loading) / bare:.2f} x",
        flush=True,
    )
    return loading / bare, (landing + loading) / bare


def _bare(database: Path, source: Source, path: Path) -> float:
    """One statement: read with the columns named and typed, write a table; on disk when it ends."""
    types = {column.name: "JSON" if column.data_type == "json" else "VARCHAR" for column in source.tables[0].columns}
    columns = ", ".join(f"{literal(name)}: '{kind}'" for name, kind in types.items() if "." not in name)
    begun = time.monotonic()
    con = duckdb.connect(str(database))
    apply_settings(con, Home(database.parent / "bare").prepare())
    con.execute(
        f"create table events as select * from read_json({literal(str(path))}, columns = {{{columns}}}, "
        "format = 'newline_delimited')"
    )
    con.close()
    seconds = time.monotonic() - begun
    database.unlink()
    return seconds


def _ours(root: Path, source: Source) -> tuple[float, float]:
    home = Home(root).prepare()
    begun = time.monotonic()
    land(home, declared=[source])
    landed = time.monotonic()
    con = connect(home)
    now = datetime.now(UTC).replace(tzinfo=None)
    summary = load(home, con, RunContext("bench", now, now), declared=[source])
    con.close()
    done = time.monotonic()
    assert summary.received == summary.loaded, summary
    for path in sorted(root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return landed - begun, done - landed


def _source(folder: Path) -> Source:
    """The project's own declaration of segment, reading from `folder`."""
    [segment] = chosen(declared_sources(), ["segment"])
    return replace(segment, location=str(folder / "inbox"))


def _write_events(path: Path, count: int, seed: int) -> None:
    dice = random.Random(seed)
    path.parent.mkdir(parents=True)
    begin = datetime(2026, 1, 1)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            at = (begin + timedelta(seconds=number)).isoformat() + ".000Z"
            file.write(json.dumps(_event(dice, at), separators=(",", ":")) + "\n")


def _event(dice: random.Random, at: str) -> dict[str, object]:
    return {
        "messageId": str(uuid.UUID(int=dice.getrandbits(128))),
        "type": "track",
        "event": dice.choice(TRACKED),
        "userId": f"u{dice.randrange(50_000)}" if dice.random() < 0.5 else None,
        "anonymousId": str(uuid.UUID(int=dice.getrandbits(128))),
        **dict.fromkeys(("timestamp", "originalTimestamp", "sentAt", "receivedAt"), at),
        "channel": "client",
        "version": "1",
        "context": {
            "ip": f"10.0.0.{dice.randrange(255)}",
            "userAgent": AGENT,
            "locale": "en-GB",
            "page": {
                "url": f"https://shop.example/p/{dice.randrange(1000)}",
                "path": "/p",
                "referrer": "",
                "title": "Shop",
            },
            "library": {"name": "analytics.js", "version": "4.1.0"},
        },
        "properties": {
            "sku": f"S{dice.randrange(1000)}",
            "price": dice.randrange(100_000) / 100,
            "quantity": dice.randrange(5),
        },
        "traits": {},
        "integrations": {},
    }


if __name__ == "__main__":
    typer.run(main)
