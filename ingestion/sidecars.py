"""What a sender says of a file, in a file beside it.

Belongs here: reading the sidecar and comparing. Must not go here: counting rows (arrival.py).
Concept: a text file cut at a row's end looks whole; only its sender can tell. Three forms, of which any may be
present: `<file>.manifest.json` {"rows": 1200, "sha256": "…"} (either key), `<file>.sha256` (as sha256sum writes it),
`<file>.count`.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from ingestion.arrival import Rejected

SIDECARS = (".manifest.json", ".sha256", ".count")
DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST_SIDECAR_BYTES = 1 << 16


@dataclass(frozen=True)
class Expectation:
    """What the sender promised; None where it said nothing."""

    sha256: str | None = None
    rows: int | None = None

    def check_digest(self, path: Path, found: str, label: str) -> None:
        if self.sha256 is not None and self.sha256 != found:
            raise Rejected(
                f"{label}: {path} has sha256 {found[:12]}…, its sidecar says {self.sha256[:12]}…, so it was cut",
                remedy="Deliver it again, the sidecar last.",
            )


def expectation_for(path: Path) -> Expectation:
    """All that the sidecars of a file say. Raises Rejected when one cannot be understood."""
    sha256: str | None = None
    rows: int | None = None
    for ending in SIDECARS:
        sidecar = path.with_name(path.name + ending)
        if not sidecar.is_file() or sidecar.is_symlink():
            continue
        try:
            said = _said(sidecar, ending)
        except (ValueError, TypeError, AttributeError, OSError) as error:
            raise Rejected(
                f"{sidecar} cannot be understood ({type(error).__name__})",
                remedy='Write {"rows": n, "sha256": "…"} in .manifest.json, a digest in .sha256, a number in .count.',
            ) from None
        sha256, rows = said.sha256 or sha256, said.rows if said.rows is not None else rows
    return Expectation(sha256, rows)


def _said(sidecar: Path, ending: str) -> Expectation:
    if sidecar.stat().st_size > LARGEST_SIDECAR_BYTES:
        raise ValueError("too large")
    text = sidecar.read_text(encoding="utf-8").strip()
    if ending == ".count":
        return Expectation(rows=int(text))
    if ending == ".sha256":
        return Expectation(sha256=_digest(text.split()[0] if text else ""))
    content = json.loads(text)
    rows, sha256 = content.get("rows"), content.get("sha256")
    return Expectation(None if sha256 is None else _digest(sha256), None if rows is None else int(rows))


def _digest(text: str) -> str:
    if not DIGEST.fullmatch(text.lower()):
        raise ValueError("not a sha256")
    return text.lower()
