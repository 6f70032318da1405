"""People who were erased stay erased, whatever a source sends again.

Belongs here: comparing a delivery with the tombstones. Must not go here: writing tombstones (governance/).
Concept: a tombstone is an HMAC, under a key that lies outside the warehouse, of the kind and the standard form of an
identifier; so the list of erased people cannot be read as a list of people. Columns say `identifier: email | phone`
in their meta.
"""

import hashlib
import hmac
import re
import sqlite3

import duckdb

from ingestion.arriving import Arriving, BadLine
from ingestion.contract import value_of
from ingestion.declared import Table
from standardise import standardised
from warehouse.home import Home
from warehouse.keys import derived_key
from warehouse.quoting import literal

EMAIL = re.compile(r"[\w.+'%-]+@[\w-]+(?:\.[\w-]+)+")


def identifier_hmac(key: bytes, identifier_type: str, value: str) -> str | None:
    """The tombstone of an identifier, hex; None if it has no standard form. key: derived_key(home, "tombstones")."""
    std = standardised(identifier_type, value)
    return hmac.new(key, f"{identifier_type}\x1f{std}".encode(), hashlib.sha256).hexdigest() if std else None


class Tombstones:
    """The tombstones of a home, read once per load. Free of cost where there are none."""

    def __init__(self, home: Home, state: sqlite3.Connection) -> None:
        rows = state.execute("select identifier_type, identifier_hmac from tombstones").fetchall()
        self._known = {(row["identifier_type"], row["identifier_hmac"]) for row in rows}
        # Without the key nobody can be recognised: derived_key refuses another one, so a load fails closed.
        self._key = derived_key(home, "tombstones") if self._known else b""

    def concern(self, table: Table) -> bool:
        """True if a row of this table might name an erased person."""
        return bool(self._known) and any(column.identifier for column in table.columns)

    def exclude(self, con: duckdb.DuckDBPyConnection, table: Table, written: list[str]) -> None:
        """Add rows of `incoming` that name an erased person to `excluded`."""
        for column in table.columns if self._known else ():
            if column.identifier is None or column.path[0] not in written:
                continue
            value = value_of(column)
            values = con.execute(f"select distinct {value} from incoming where {value} is not null").fetchall()
            hits = [text for (text,) in values if self._has(column.identifier, text)]
            if hits:
                texts = ", ".join(literal(text) for text in hits)
                con.execute(
                    f"insert into excluded select _row, 'suppressed' from incoming "
                    f"where _row not in (select _row from excluded) and {value} in ({texts})"
                )

    def censor(self, files: list[Arriving]) -> None:
        """Blank the text of quarantined lines that hold an erased person's e-mail address."""
        if not self._known:
            return
        for file in files:
            file.bad = [
                BadLine(bad.line, bad.reason, "‹suppressed›") if self._names_one(bad.raw_line) else bad
                for bad in file.bad
            ]

    def _names_one(self, text: str) -> bool:
        return any(self._has("email", found) for found in EMAIL.findall(text))

    def _has(self, identifier_type: str, value: str) -> bool:
        return (identifier_type, identifier_hmac(self._key, identifier_type, value)) in self._known
