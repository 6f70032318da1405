"""The register of every place that holds personal data, and how each is purged.

Belongs here: places and ways of purging, as data. Must not go here: the purge itself.
Concept: DESIGN, section 3. Erasure can only reach what is written down, so a file below CDP_HOME that no entry covers
fails a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from warehouse.home import Home

ROWS_THEN_REWRITE = "delete the rows, then copy the tables into a fresh file: deleted bytes stay in the old one"
RECOPY = "rewrite each file without the person's lines and record its new sha256"
REBUILD = "the next run builds it anew without the person"
EXPIRE = "remove whole: it is a copy that can be made again"
WIPE = "wiped at the start of every run"
ROTATE = "removed with the oldest generation kept; an erasure removes all but the new one at once"
RETRAIN = "remove and train again: term frequencies hold real names"
DECISIONS = (
    "delete the person's decisions and vacuum; the tombstone, a keyed hash, stays, or the person would come back"
)
NOTHING = "nothing to purge"


@dataclass(frozen=True)
class Store:
    """A place below CDP_HOME. patterns are relative to it, and `*` crosses folders; purge says how a person leaves."""

    name: str
    patterns: tuple[str, ...]
    holds: str
    personal: bool
    purge: str


# In order: the first entry that covers a file is the file's store.
STORES = (
    Store("landing", ("landing/*",), "files as the sources sent them", True, RECOPY),
    Store("inbox", ("inbox/*",), "files that sources dropped here and that are not landed yet", True, EXPIRE),
    Store("demo", ("demo/*",), "the made-up company of `cdp demo`, with its truth", True, EXPIRE),
    Store(
        "warehouse",
        ("warehouse.duckdb", "warehouse.duckdb.wal", "warehouse.duckdb.tmp/*"),
        "raw rows, quarantine, caches and every layer",
        True,
        ROWS_THEN_REWRITE,
    ),
    Store(
        "state",
        ("state.sqlite", "state.sqlite-wal", "state.sqlite-shm", "state.sqlite-journal"),
        "consent decisions, judgements, tombstones, imported ids, ledgers, gate results",
        True,
        DECISIONS,
    ),
    Store(
        "outbox",
        ("outbox.sqlite", "outbox.sqlite-wal", "outbox.sqlite-shm", "outbox.sqlite-journal", "outbox/*"),
        "open plans and their payloads, archived plans, what was sent last",
        True,
        ROWS_THEN_REWRITE,
    ),
    Store("models", ("models/*",), "linkage models with the frequencies of real names", True, RETRAIN),
    Store(
        "published, unfinished",
        ("published/*.building/*", "published/*.rejected/*", "published/*.removing/*", "published/.current.next"),
        "what a killed or refused publish left",
        True,
        WIPE,
    ),
    Store(
        "published, for everyone",
        ("published/*/customers.duckdb",),
        "public models, masked: pseudonymous, and so still personal",
        True,
        ROTATE,
    ),
    Store("published, restricted", ("published/*/restricted.duckdb",), "what the masked file hides", True, ROTATE),
    Store(
        "published, carried",
        ("published/*/activation.duckdb",),
        "identity map, edges, cut identifiers, standardised records, what destinations should hold",
        True,
        ROTATE,
    ),
    Store(
        "published, manifest",
        ("published/*/manifest.json", "published/*/flipped_at", "published/current"),
        "names, counts, digests",
        False,
        NOTHING,
    ),
    Store("dagster", ("dagster/*",), "runs, events and logs; texts in them are sanitised", True, EXPIRE),
    Store("dbt", ("dbt/*",), "dbt's manifest, compiled SQL and results", True, REBUILD),
    Store("exports", ("exports/*",), "Parquet copies of published tables", True, EXPIRE),
    Store("reports", ("reports/*",), "pages about quality, linkage and outcomes, without values", False, REBUILD),
    Store("tmp", ("tmp/*",), "spilled rows of running queries, files on their way between stores", True, WIPE),
    Store("key", ("key", "key.*"), "the master key, without which masks and tombstones mean nothing", False, NOTHING),
    Store("run lock", ("run.lock",), "the process that is writing", False, NOTHING),
)

# Places that the platform reads or writes at somebody's wish, outside CDP_HOME.
ELSEWHERE = (
    Store("sources", ("$CDP_SOURCES/*",), "the sources' own files; they are theirs to purge", True, NOTHING),
    Store("exports by name", ("cdp export --out",), "copies that left; their keeper purges them", True, EXPIRE),
)


def store_of(home: Home, path: Path) -> Store | None:
    """The store that a file belongs to, or None."""
    relative = path.relative_to(home.root).as_posix()
    return next((store for store in STORES if any(fnmatchcase(relative, form) for form in store.patterns)), None)


def uncovered(home: Home) -> Iterator[Path]:
    """Every file or link below the home that no store covers: personal data that an erasure would miss."""
    for path in sorted(home.root.rglob("*")):
        if (path.is_file() or path.is_symlink()) and store_of(home, path) is None:
            yield path
