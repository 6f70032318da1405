"""What other roles or another cut would do to the published map, before anything is published.

Belongs here: the trial run and its report. Must not go here: the stages themselves, the figures (ids/effect.py), or the
budgets (expectations/identity__run_effect.yml).
Concept: the very code of a run, on the warehouse's conformed tables and against the published generation, in a scratch
home; so a run with the same settings then does the same, and the home is as it was. The report names ids, sources and
counts, never a value of a person.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import duckdb

from identity.matching.model import load_model
from identity.resolve import resolve
from identity.roles import Roles, platform_roles
from identity.watching.scratch import scratch_home
from publishing.read import current_folder
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.lock import run_lock
from warehouse.run import RunContext, begin_run

# More is not read, and `--out` has them all.
LISTED = 10


@dataclass(frozen=True)
class Passage:
    """Records and devices that would pass from one customer to another, and the records' systems."""

    from_id: str
    to_id: str
    records: int
    devices: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Budget:
    """A promise of identity.run_effect that the change would break; a critical one blocks a run."""

    severity: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """A change in figures.

    model: `kept` (the home's own), `trained` (there was none for these roles, so a run would train it too), `retrained`
        (as was asked) or `none` (too few records). effect: the row of identity.run_effect. merges, splits: the largest.
    """

    generation: str
    cut_weight: float
    model: str
    model_version: str | None
    effect: dict[str, Any]
    broken_budgets: tuple[Budget, ...]
    merges: tuple[Passage, ...]
    splits: tuple[Passage, ...]

    @property
    def is_blocked(self) -> bool:
        return any(budget.severity == "critical" for budget in self.broken_budgets)


def preview(
    home: Home,
    roles: Roles | None = None,
    cut_weight: float | None = None,
    out: Path | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    retrained: bool = False,
) -> Preview:
    """Resolve the warehouse's conformed tables with other settings; those that are None stay as they are.

    retrained: with a model learned from the records of today, as `cdp identity train` would.
    out: folder for changes.parquet (change_type, customer_id, other_customer_id, record_id).
    Raises CdpError where nothing is published, a table is missing, or a setting cannot be; RunInProgress during a run.
    """
    roles, tell = roles or platform_roles(), progress or (lambda _: None)
    cut_weight = roles.cut_weight if cut_weight is None else cut_weight
    _refuse(roles, cut_weight)
    if out:
        _prepare(out)
    with run_lock(home):
        generation = current_folder(home).name
        is_kept = load_model(home, roles) is not None
        with scratch_home(home, roles.tables, with_models=not retrained) as (scratch, con):
            run = begin_run(scratch)
            version = resolve(scratch, con, run, tell, roles, cut_weight).model_version
            if out:
                _write_changes(con, out)
            tell("checking budgets")
            return Preview(
                generation=generation,
                cut_weight=cut_weight,
                model=_origin(version, is_kept=is_kept, retrained=retrained),
                model_version=version,
                effect=_effect(con),
                broken_budgets=_broken_budgets(con, run),
                merges=_passages(con, "merged", from_id="customer_id", to_id="other_customer_id"),
                splits=_passages(con, "split", from_id="other_customer_id", to_id="customer_id"),
            )


def _origin(version: str | None, *, is_kept: bool, retrained: bool) -> str:
    if version is None:
        return "none"
    return "retrained" if retrained else "kept" if is_kept else "trained"


def _refuse(roles: Roles, cut_weight: float) -> None:
    if not isfinite(cut_weight):
        today = platform_roles().cut_weight
        raise CdpError("The threshold is no number of bits", remedy=f"Name a number; today's is {today:g}.")
    if several := sorted(role for role, columns in _columns(roles).items() if not isinstance(columns, str)):
        raise CdpError(
            f"The roles name several columns for {', '.join(several)}",
            remedy="The platform's own roles name one each; further e-mails and phones are identifiers.",
        )


def _prepare(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CdpError(f"{out} cannot be made: {error.strerror}", remedy="Name a folder that is yours.") from None
    if not os.access(out, os.W_OK):
        raise CdpError(f"{out} may not be written", remedy="Name a folder that is yours.")


def _columns(roles: Roles) -> Mapping[str, Any]:
    return {**roles.roles, **roles.attributes}


def _effect(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    found = con.execute("select * exclude (run_id, has_previous) from identity.run_effect")
    names = [column[0] for column in found.description or []]
    return dict(zip(names, found.fetchall()[0], strict=True))


def _broken_budgets(con: duckdb.DuckDBPyConnection, run: RunContext) -> tuple[Budget, ...]:
    """By the gate itself, which here keeps no result."""
    from expectations.engine import Engine
    from expectations.gate import check
    from expectations.suites import FOLDER, load_suite

    with Engine(con) as engine:
        result = check(con, load_suite(FOLDER / "identity__run_effect.yml"), run, engine)
    return tuple(Budget(finding.severity, finding.reason) for finding in [*result.failed, *result.warned])


def _passages(con: duckdb.DuckDBPyConnection, change_type: str, *, from_id: str, to_id: str) -> tuple[Passage, ...]:
    """The merges or splits with most records. `previous_map` and `mapped` stand, as the ids stage left them."""
    rows = con.execute(
        f"""
        select
            changes.{from_id} as from_id,
            changes.{to_id} as to_id,
            count(*) filter (where not mapped.is_device) as records_count,
            count(*) filter (where mapped.is_device) as devices_count,
            coalesce(list(distinct mapped.source order by mapped.source) filter (where not mapped.is_device), [])
        from identity.run_changes as changes
        join previous_map on previous_map.customer_id = changes.{from_id}
        join mapped on mapped.record_id = previous_map.record_id and mapped.customer_id = changes.{to_id}
        where change_type = $change_type
        group by all
        order by records_count desc, devices_count desc, from_id, to_id
        limit {LISTED}
        """,
        {"change_type": change_type},
    ).fetchall()
    return tuple(
        Passage(one, other, records, devices, tuple(sources)) for one, other, records, devices, sources in rows
    )


def _write_changes(con: duckdb.DuckDBPyConnection, out: Path) -> None:
    """For its owner alone: ids are pseudonymous, and so still personal."""
    file = out / "changes.parquet"
    draft = file.with_suffix(f".{os.getpid()}.parquet")
    escaped = str(draft).replace("'", "''")
    con.execute(
        "copy (select change_type, customer_id, other_customer_id, record_id from identity.run_changes order by all) "
        f"to '{escaped}' (format parquet)"
    )
    draft.chmod(0o600)
    os.replace(draft, file)
