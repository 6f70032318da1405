"""The trained model as it is kept: Splink's settings, the explanations of an agreement, the term frequencies.

Belongs here: saving, loading, what a model holds. Must not go here: learning one (training.py), using one
(probabilistic.py).
Concept: a linkage model is an artefact. It is trained rarely and on purpose; a run that finds one uses it as it is.

Files in `home.models`, 0600, since term frequencies hold real names:
  linkage_<declaration>.json              Splink's settings, explanations, the version, the name of the terms file
  linkage_<declaration>.former.json       the model that it replaced
  linkage_<declaration>_<terms>.parquet   field, value, frequency, records_count
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from math import log2
from pathlib import Path
from typing import Any

import duckdb

from identity.matching.calibration import NONE, Calibration
from identity.matching.comparisons import levels_of
from identity.matching.explanations import Explanations
from identity.roles import Roles
from warehouse.crash import crash_point
from warehouse.errors import CdpError
from warehouse.home import Home

# Raise this when a model holds something else: one of another form is not found, and so is trained anew.
FORM = 7
NO_TERMS = (
    "select null::varchar as field, null::varchar as value, null::double as frequency, null::bigint as records_count "
    "where false"
)


@dataclass(frozen=True)
class Model:
    """A trained model as it lies in `home.models`."""

    version: str
    settings: dict[str, Any]
    explanations: Explanations
    terms: Path
    calibration: Calibration = NONE

    @property
    def labels(self) -> dict[str, dict[int, str]]:
        """By comparison, Splink's number of each level (`gamma`) → its name; `different` is 0."""
        found = {}
        for comparison in self.settings["comparisons"]:
            levels = levels_of(comparison)
            top = len(levels) - 1
            found[comparison["output_column_name"]] = {
                top - place: level["label_for_charts"] for place, level in enumerate(levels)
            }
        return found

    @property
    def bits(self) -> dict[tuple[str, str], float]:
        """By comparison and level, what it is worth: log2 of how much more often one person agrees so than two do."""
        return {
            (comparison["output_column_name"], level["label_for_charts"]): log2(
                level["m_probability"] / level["u_probability"]
            )
            for comparison in self.settings["comparisons"]
            for level in levels_of(comparison)
        }


def load_model(home: Home, roles: Roles) -> Model | None:
    path = _path(home, roles)
    if not path.exists():
        return None
    saved = json.loads(path.read_text())
    explanations, calibration = Explanations.read(saved["explanations"]), Calibration(**saved["calibration"])
    return Model(saved["version"], saved["settings"], explanations, home.models / saved["terms"], calibration)


def save_model(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    roles: Roles,
    settings: dict[str, Any],
    explanations: Explanations,
    calibration: Calibration = NONE,
) -> Model:
    """Keep what was learned, with the table `term` of frequencies. Terms first, then the file that names them: a kill
    between the two leaves no model."""
    path = _path(home, roles)
    draft = path.with_suffix(f".{os.getpid()}.parquet")
    escaped = str(draft).replace("'", "''")
    con.execute(f"copy (select * from term order by field, value) to '{escaped}' (format parquet)")
    draft.chmod(0o600)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()
    kept = path.with_name(f"{path.stem}_{digest[:12]}.parquet")
    os.replace(draft, kept)
    crash_point("identity.model.after_terms")
    learned = {"settings": settings, "explanations": asdict(explanations), "calibration": asdict(calibration)}
    version = hashlib.sha256(json.dumps([learned, digest], sort_keys=True).encode()).hexdigest()[:12]
    _write_whole(path, json.dumps({"version": version, "terms": kept.name, **learned}, indent=1))
    return Model(version, settings, explanations, kept, calibration)


def adopt_model(home: Home, trained_in: Home, roles: Roles) -> None:
    """Make the model of another home this home's own. The one that it replaces is kept as the former, and the one
    before that is forgotten with its names."""
    new, own = _path(trained_in, roles), _path(home, roles)
    terms = json.loads(new.read_text())["terms"]
    shutil.copy2(new.with_name(terms), own.with_name(f".{terms}"))
    os.replace(own.with_name(f".{terms}"), own.with_name(terms))
    if own.exists():
        _write_whole(_former(own), own.read_text())
    _write_whole(own, new.read_text())
    named = {json.loads(path.read_text())["terms"] for path in (own, _former(own)) if path.exists()}
    for stale in set(own.parent.glob(f"{own.stem}_*.parquet")):
        if stale.name not in named:
            stale.unlink()


def swap_former(home: Home, roles: Roles) -> None:
    """Exchange the home's own model and the former one. Raises CdpError where there is none."""
    own = _path(home, roles)
    if not _former(own).exists():
        raise CdpError("There is no former model", remedy="`cdp identity train` keeps the one that it replaces.")
    current, former = own.read_text(), _former(own).read_text()
    _write_whole(own, former)
    _write_whole(_former(own), current)


def _former(path: Path) -> Path:
    return path.with_suffix(".former.json")


def kept_terms_sql(model: Model) -> str:
    """The model's own term frequencies as a query: field, value, frequency, records_count."""
    escaped = str(model.terms).replace("'", "''")
    return f"from read_parquet('{escaped}')"


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_suffix(f".{os.getpid()}.json")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def _path(home: Home, roles: Roles) -> Path:
    """One model per declaration: it hangs on which roles there are, not on what their columns are called."""
    declared = json.dumps([FORM, sorted(roles.roles), sorted(roles.attributes)])
    return home.models / f"linkage_{hashlib.sha256(declared.encode()).hexdigest()[:12]}.json"


def terms_sql(settings: dict[str, Any]) -> str:
    """Term frequencies of every adjusted column as one query: field, value, frequency, records_count.

    Counted over mailboxes, not records: a rare name with seven records of one person is still rare.
    """
    parts = [
        f"""
        select
            '{column}' as field,
            {column}::varchar as value,
            count(distinct holder) / sum(count(distinct holder)) over () as frequency,
            count(*) as records_count
        from (
            select {column}, coalesce(email, phone, record_no::varchar) as holder from person where {column} is not null
        )
        group by {column}
        """
        for column in term_columns(settings)
    ]
    return f"select * from ({' union all '.join(parts or [NO_TERMS])}) order by field, value"


def term_columns(settings: dict[str, Any]) -> list[str]:
    levels = [level for comparison in settings["comparisons"] for level in comparison["comparison_levels"]]
    return sorted({level["tf_adjustment_column"] for level in levels if level.get("tf_adjustment_column")})
