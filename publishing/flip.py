"""Which generation readers get: putting one in place, going back, and sweeping up what a killed run left.

Belongs here: the link `published/current` and the life of generation folders. Must not go here: their contents.
Concept: RELIABILITY, C.2. The link is replaced in one system call, so a reader finds the old generation or the new one,
never a mixture; a reader with an older generation's files open keeps them until it closes them.
"""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from publishing.files import FLIPPED, GENERATION, MANIFEST, REMOVING, current_generation, fsync, generations
from publishing.manifest import read_manifest
from publishing.verify import verify_generation
from warehouse.crash import crash_point
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.lock import run_lock

KEPT_GENERATIONS = 3  # the current one and two to go back to; each costs the size of the marts on disk


def flip(home: Home, generation: str) -> None:
    """Make `generation` the one that readers get, durably. Raises CdpError when there is no such generation."""
    if not (home.published / generation / MANIFEST).exists():
        raise CdpError(f"There is no generation {generation}", remedy=_choices(home))
    _mark_flipped(home, current_generation(home))
    link = home.published / ".current.next"
    link.unlink(missing_ok=True)
    link.symlink_to(generation)
    crash_point("flip.before_replace")
    os.replace(link, home.current)
    crash_point("flip.after_replace")
    fsync(home.published)
    _mark_flipped(home, generation)
    crash_point("flip.after_mark")


def flipped_generations(home: Home) -> list[str]:
    """Every generation that is or has been current, oldest first: the places that a rollback can go to."""
    current = current_generation(home)
    return [name for name in generations(home) if name == current or (home.published / name / FLIPPED).exists()]


def prune(home: Home, keep: int = KEPT_GENERATIONS) -> list[str]:
    """Remove all but the newest `keep` generations and the current one; gives the names of those removed."""
    known = flipped_generations(home)
    excess = [name for name in known[:-keep] if name != current_generation(home)]
    for name in excess:
        _remove(home.published / name)
    return excess


def rollback(home: Home, to: str | None = None) -> str:
    """Go back to the generation before the current one, or to any kept one; gives its name.

    The target is verified first, so that a rollback never ends at a damaged file.
    """
    with run_lock(home):
        current = current_generation(home)
        if current is None:
            raise CdpError("Nothing is published yet, so there is nothing to go back from", remedy="Run `cdp run`.")
        target = to or _before(home, current)
        if target not in flipped_generations(home):
            raise CdpError(f"{target} is not a generation to go back to", remedy=_choices(home))
        verify_generation(home.published / target)
        flip(home, target)
    return target


def janitor(home: Home) -> list[str]:
    """At the start of a run: wipe home.tmp and what a killed or refused publish left; gives the names swept.

    Swept are unfinished, refused and half-removed generations, and complete ones that were never current: a run died
    between its verification and its flip, and nothing may take them for history.
    """
    with run_lock(home):
        home.prepare()
        _mark_flipped(home, current_generation(home))
        swept = [path for path in sorted(home.published.iterdir()) if _is_litter(home, path)]
        for path in swept:
            _remove(path)
        for path in home.tmp.iterdir():
            _delete(path)
    return [path.name for path in swept]


def _before(home: Home, current: str) -> str:
    """The generation that the current one was built upon, else the newest kept one that is older."""
    known = flipped_generations(home)
    if (previous := read_manifest(home.published / current)["previous"]) in known:
        return previous
    older = [name for name in known if name < current]
    if not older:
        raise CdpError(f"{current} is the oldest generation kept", remedy="There is nothing to go back to.")
    return older[-1]


def _choices(home: Home) -> str:
    known = flipped_generations(home)
    return f"Kept are: {', '.join(known)}." if known else "Run `cdp run` to publish a first one."


def _mark_flipped(home: Home, generation: str | None) -> None:
    """Note beside a generation that it has been current. Repeated, since a kill may fall between flip and note."""
    if generation is None or not (folder := home.published / generation).exists():
        return
    if not (mark := folder / FLIPPED).exists():
        mark.write_text(datetime.now(UTC).isoformat() + "\n")
        fsync(folder)


def _is_litter(home: Home, path: Path) -> bool:
    return path != home.current and path.name not in flipped_generations(home)


def _remove(path: Path) -> None:
    """Delete a folder; a generation is renamed first, so that a kill in the middle leaves litter, not a damaged one."""
    if GENERATION.fullmatch(path.name):
        path = path.rename(path.with_name(path.name + REMOVING))
        crash_point("prune.after_rename")
    _delete(path)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
