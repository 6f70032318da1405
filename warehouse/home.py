"""The layout of CDP_HOME: every folder and file that the platform owns, and their modes.

Belongs here: names of places. Must not go here: what is inside them.
Concept: DESIGN, section 3.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import CdpError

PROJECT = Path(__file__).resolve().parent.parent
PRIVATE, LISTABLE = 0o700, 0o711


@dataclass(frozen=True)
class Home:
    """One installation's data. Everything below it is private but for `published/`."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        return cls(Path(os.environ.get("CDP_HOME") or PROJECT / ".cdp").resolve())

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def inbox(self) -> Path:
        """Where sources drop their files, unless CDP_SOURCES names another folder."""
        return Path(os.environ.get("CDP_SOURCES") or self.root / "inbox").resolve()

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def state(self) -> Path:
        return self.root / "state.sqlite"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox.sqlite"

    @property
    def key(self) -> Path:
        return self.root / "key"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def current(self) -> Path:
        return self.published / "current"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def dbt_target(self) -> Path:
        """dbt's manifest and artefacts: private, since a failing test's message may quote a value."""
        return self.root / "dbt"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def run_lock(self) -> Path:
        return self.root / "run.lock"

    def make(self) -> None:
        """Make the folder itself. Raises CdpError where it cannot be one."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CdpError(
                f"The home {self.root} cannot be used: {error.strerror}",
                remedy="Set CDP_HOME to a folder that is yours, or that you may make.",
            ) from None

    def prepare(self) -> "Home":
        """Make the tree with its modes; does nothing where it stands already."""
        self.make()
        self.root.chmod(LISTABLE)
        private = (self.landing, self.models, self.dagster, self.dbt_target, self.exports, self.reports, self.tmp)
        for folder in private:
            folder.mkdir(exist_ok=True)
            folder.chmod(PRIVATE)
        self.published.mkdir(exist_ok=True)
        self.published.chmod(LISTABLE)
        return self
