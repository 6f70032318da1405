"""Reading a generation's manifest.

Belongs here: opening manifest.json. Must not go here: writing it (build.py) or judging by it (verify.py).
Concept: the manifest says what a generation holds; it names tables, columns and counts, and no person.
"""

import json
from pathlib import Path
from typing import Any

from publishing.files import MANIFEST
from warehouse.errors import CdpError


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the generation in `folder`."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CdpError(
            f"The manifest of generation {folder.name} cannot be read",
            remedy="Go back with `cdp rollback`, or publish anew with `cdp run`.",
        ) from None
