"""Looking for personal values in every byte and every text column below a home.

Belongs here: what a value looks like in its encodings, and reading every kind of file. Must not go here: where values
may be (governance/stores.py), or how they got there (test_canary.py).
Concept: RELIABILITY, B.7. Compressed blocks can hide a value from a byte scan, so each database and Parquet file is
also opened and its text columns read.
"""

import base64
import gzip
import json
import re
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

# An e-mail is looked for from its @ backwards: from its first letter, every long word would be tried at each letter.
HOST = re.compile(rb"@[\w\-]+(?:\.[\w\-]+)+")
MAILBOX = re.compile(rb"[\w.+\-]+$")
LONGEST_MAILBOX = 64
DIGITS = re.compile(rb"\+?\d[\d ()/.\-]{6,20}\d")
LEAST_DIGITS = 9  # of a phone number: shorter runs of digits turn up by chance


@dataclass
class Markers:
    """What may not be found: e-mails and phone numbers, compared as such; texts, in any encoding of their bytes."""

    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.emails = {email.lower() for email in self.emails}
        self.phones = {digits for phone in self.phones if len(digits := _digits(phone)) >= LEAST_DIGITS}
        self._forms = {form: text for text in self.texts for form in _encodings(text)}

    def found_in(self, content: bytes) -> set[str]:
        emails = {email.decode("utf-8", "ignore").lower() for email in _emails(content)}
        phones = {_digits(match.decode("ascii")) for match in DIGITS.findall(content)}
        lowered = content.lower()
        texts = {text for form, text in self._forms.items() if form in lowered}
        return (emails & self.emails) | (phones & self.phones) | texts


def people_in(contacts: Path, most: int) -> Markers:
    """E-mails, phones and full names of the first people in a folder of HubSpot's contacts."""
    people = [json.loads(line)["properties"] for path in sorted(contacts.glob("*.jsonl")) for line in path.open("rb")][
        :most
    ]
    return Markers(
        {person["email"] for person in people if person["email"]},
        {person["phone"] for person in people if person["phone"]},
        {
            f"{person['firstname']} {person['lastname']}"
            for person in people
            if person["firstname"] and person["lastname"]
        },
    )


def hits_below(root: Path, markers: Markers, allowed: Callable[[Path], bool]) -> list[str]:
    """Where a marker was found in a file that may not hold one: one line per file and table, with how many and one."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink() and not allowed(path))
    return [
        f"{path.relative_to(root)}{part}: {len(found)} values, one is {min(found)}"
        for path in files
        for part, content in _contents(path)
        if (found := markers.found_in(content))
    ]


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file's bytes and, where it is a database, the text of each of its tables."""
    content = path.read_bytes()
    yield "", gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    if content[8:12] == b"DUCK":
        yield from _duckdb_tables(path)
    elif content[:15] == b"SQLite format 3":
        yield from _sqlite_tables(path)
    elif content[:4] == b"PAR1":
        with duckdb.connect() as con:
            yield " rows", _text(con.execute("select * from read_parquet($file)", {"file": str(path)}).fetchall())


def _duckdb_tables(path: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(path), read_only=True) as con:
        for schema, table in con.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            yield f" {schema}.{table}", _text(con.execute(f'select * from "{schema}"."{table}"').fetchall())


def _sqlite_tables(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        for (table,) in con.execute("select name from sqlite_master where type = 'table'").fetchall():
            yield f" {table}", _text(con.execute(f'select * from "{table}"').fetchall())


def _text(rows: Iterable[tuple]) -> bytes:
    return "\n".join(str(cell) for row in rows for cell in row if isinstance(cell, str | bytes)).encode()


def _emails(content: bytes) -> Iterator[bytes]:
    for host in HOST.finditer(content):
        mailbox = MAILBOX.search(content, max(0, host.start() - LONGEST_MAILBOX), host.start())
        if mailbox:
            yield mailbox[0] + host[0]


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _encodings(text: str) -> set[bytes]:
    """A text as it may stand in a file: plain, as JSON writes it, for URLs, in hex, in base64 (at any offset)."""
    plain = text.encode()
    shifted = [base64.b64encode(b"\0" * at + plain)[4 if at else 0 : -4] for at in range(3)]
    quoted = [urllib.parse.quote(text), urllib.parse.quote_plus(text), json.dumps(text)[1:-1], plain.hex()]
    forms = [plain, *(form.encode() for form in quoted), *(form for form in shifted if len(form) >= 12)]
    return {form.lower() for form in forms}
