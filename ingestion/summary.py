"""What a load did, in numbers.

Belongs here: counts per table and how they are told. Must not go here: how they come about (load.py).
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class TableCounts:
    """One table's load. received = loaded + quarantined + duplicate + suppressed, always; deleted counts markers
    appended."""

    source: str
    table: str
    files: int = 0
    received: int = 0
    loaded: int = 0
    quarantined: int = 0
    duplicate: int = 0
    suppressed: int = 0
    deleted: int = 0
    rows_in_table: int = 0


@dataclass
class LoadSummary:
    """All tables of a load, and what a person should know. unused: sources of which no file ever came."""

    tables: list[TableCounts] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def of(self, source: str, table: str) -> TableCounts:
        """The counts of one table; zeros if it was not part of the load."""
        found = [counts for counts in self.tables if (counts.source, counts.table) == (source, table)]
        return found[0] if found else TableCounts(source, table)

    def total(self, what: str) -> int:
        return sum(getattr(counts, what) for counts in self.tables)

    @property
    def received(self) -> int:
        return self.total("received")

    @property
    def loaded(self) -> int:
        return self.total("loaded")

    @property
    def quarantined(self) -> int:
        return self.total("quarantined")

    @property
    def duplicate(self) -> int:
        return self.total("duplicate")

    @property
    def suppressed(self) -> int:
        return self.total("suppressed")

    def as_dict(self) -> dict[str, Any]:
        return {"tables": [asdict(counts) for counts in self.tables], "warnings": self.warnings, "unused": self.unused}
