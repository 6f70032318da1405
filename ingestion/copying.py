"""Copying a file into a private folder so that it is whole, hashed, and still there after a power cut.

Belongs here: how bytes are copied and made to last. Must not go here: which files are copied, and what is recorded of
them (landing.py).
"""

import hashlib
import os
import stat
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ingestion.arrival import Rejected
from ingestion.declared import Table
from warehouse.crash import crash_point

CHUNK_BYTES = 4 << 20


def copied(path: Path, draft: Path, table: Table) -> tuple[str, int]:
    """Copy and hash in one read, side by side; the copy is on disk when this returns."""
    digest, size = hashlib.sha256(), 0
    with (
        _opened(path, table) as (source, before),
        open(draft, "wb", opener=_private) as target,
        ThreadPoolExecutor(1) as hasher,
    ):
        hashed: Future[None] | None = None
        while chunk := os.read(source, CHUNK_BYTES):
            if hashed:
                hashed.result()
            hashed = hasher.submit(digest.update, chunk)
            target.write(chunk)
            size += len(chunk)
        target.flush()
        os.fsync(target.fileno())
        after = os.fstat(source)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
        raise Rejected(
            f"{table.label}: {path} changed while it was being copied",
            remedy="Deliver under a name ending in .part and rename the file once it is whole.",
        )
    crash_point("land.after_copy")
    return digest.hexdigest(), size


class _opened:
    """A source's file, opened without following a link; faults named with their remedy."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path, self.table = path, table

    def __enter__(self) -> tuple[int, os.stat_result]:
        try:
            self.descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            raise self._rejected("vanished before it could be copied", "Deliver it again.") from None
        except PermissionError:
            raise self._rejected("may not be read", f"Give the user {os.getuid()} leave to read it.") from None
        except OSError:
            raise self._rejected(
                "is a link or cannot be opened", "Deliver the file itself, not a link to it."
            ) from None
        found = os.fstat(self.descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(self.descriptor)
            raise self._rejected("is not a regular file", "Deliver a file.")
        return self.descriptor, found

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def _rejected(self, what: str, remedy: str) -> Rejected:
        return Rejected(f"{self.table.label}: {self.path} {what}", remedy=remedy)


def private_folders(root: Path, folder: Path) -> None:
    missing = []
    while folder != root and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
