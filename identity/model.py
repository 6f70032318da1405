"""The trained model: settings derived from the roles, trained once, kept with its term frequencies.

Belongs here: training, saving, loading. Must not go here: scoring (probabilistic.py), the comparisons (comparisons.py).
Concept: a linkage model is an artefact. It is trained rarely and on purpose; a run that finds one uses it as it is.

Files in `home.models`, 0600, since term frequencies hold real names:
  linkage_<declaration>.json              fields, Splink's settings, the version, the name of the terms file
  linkage_<declaration>_<terms>.parquet   field, value, frequency
"""

import hashlib
import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from identity.candidates import BLOCK_RECORDS_CAP
from identity.comparisons import Field, fields_for
from identity.explanations import Explanations
from identity.roles import Roles
from warehouse.crash import crash_point
from warehouse.home import Home

SEED = 20_260_101
# Fewer records hold too few pairs to learn from. What people are like is then assumed, and only chance is learned;
# of the fewest, not even that, and their edges are the deterministic ones alone.
TRAINABLE_RECORDS = 200
SCORABLE_RECORDS = 100
# How often two records of one person agree, as shares among a field's levels: the order of magnitude that customer
# records of all kinds show, not of any data set.
# An assumption counts as so many pairs against those that taught a field.
ASSUMED_PAIRS = 30
ASSUMED_SHARES = {
    "same": 80,
    "short form": 4,
    "alike": 5,
    "garbled": 1,
    "initial": 2,
    "swapped": 1,
    "one of two": 1,
    "slip": 4,
    "two parts": 2,
    "within a year": 1,
    "within ten years": 1,
    "near": 5,
    "same domain": 5,
    "same postal code": 5,
    "same city": 5,
    "city alike": 1,
}
# How often one person's records differ altogether, beyond slips, short forms and exchanged parts: a birth date and a
# given name are for life, an address is not.
ASSUMED_DIFFERENT = {
    "given_name": 0.001,
    "birth_date": 0.005,
    "gender": 0.005,
    "national_id": 0.02,
    "family_name": 0.05,
    "middle_name": 0.1,
    "address": 0.25,
    "phone": 0.3,
    "email": 0.35,
}
OTHERS_ASSUMED_DIFFERENT = 0.2
# Pairs that an EM block needs before its frequencies mean something.
TRAINABLE_PAIRS = 30
# Pairs for u: they fix frequencies down to one in thirty thousand; rarer ones are left to term frequencies.
U_PAIRS = 300_000
EM_PAIRS = 300_000
# A level never seen among matches or others is rare, not impossible.
UNSEEN_PROBABILITY = 0.0005
RAREST_PROBABILITY = 1e-7
LEAST_BY_CHANCE = 0.1
NO_TERMS = "select null::varchar as field, null::varchar as value, null::double as frequency where false"

# Blocks that name one person, never a household: most of their pairs are matches, and the other fields are learned.
TRAINING_BLOCKS: tuple[tuple[str, ...], ...] = (
    ("given_name", "family_name", "birth_date"),
    ("email", "given_name"),
    ("phone", "given_name"),
    ("email", "birth_date"),
    ("family_name", "birth_date"),
    ("birth_date", "postal_code"),
    ("national_id",),
    ("given_name", "birth_date"),
    ("given_name", "family_name", "postal_code"),
    ("given_name", "family_name"),
)
# How often each comparison should be learned, from different blocks.
TRAINED_TIMES = 2
STRONG_COLUMNS = {"email", "phone", "national_id"}
# The share of true pairs that agree in one of the blocks above; only its order of magnitude matters.
ASSUMED_RECALL = 0.6


@dataclass(frozen=True)
class Model:
    """A trained model as it lies in `home.models`."""

    version: str
    settings: dict[str, Any]
    explanations: Explanations
    terms: Path

    @property
    def labels(self) -> dict[str, dict[int, str]]:
        """By comparison, Splink's number of each level (`gamma`) → its name; `different` is 0."""
        found = {}
        for comparison in self.settings["comparisons"]:
            levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
            top = len(levels) - 1
            found[comparison["output_column_name"]] = {
                top - place: level["label_for_charts"] for place, level in enumerate(levels)
            }
        return found


def load_model(home: Home, roles: Roles) -> Model | None:
    path = _path(home, roles)
    if not path.exists():
        return None
    saved = json.loads(path.read_text())
    explanations = Explanations(**saved["explanations"])
    return Model(saved["version"], saved["settings"], explanations, home.models / saved["terms"])


def train_settings(con: duckdb.DuckDBPyConnection, roles: Roles) -> dict[str, Any] | None:
    """Splink's settings learned from the records in `person`; None where they are too few to learn from."""
    size, present = _filled(con)
    if size < SCORABLE_RECORDS:
        return None
    fields = fields_for(roles, present)
    if not fields:
        return None
    blocks = _training_blocks(con, fields, present) if size >= TRAINABLE_RECORDS else []
    linker = _train(con, fields, blocks, _prior(con, blocks or _blocks_of(present)))
    taught = {field.name: sum(_pairs_of(con, block) for block in blocks if not _uses(field, block)) for field in fields}
    settings = _completed(linker.misc.save_model_to_json(), _known_pairs(con, fields), taught)
    settings.pop("linker_uid", None)
    drop_splink_tables(con)
    return settings


def new_linker(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> Any:
    """A linker over `person`, which Splink knows as `comparable`."""
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    api = DuckDBAPI(connection=con)
    return Linker(api.register(con.table("comparable")), settings, log_level=logging.ERROR)


def drop_splink_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what Splink left in the warehouse, now or in a run that was killed."""
    found = con.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and starts_with(table_name, '__splink__')"
    ).fetchall()
    for schema, table in found:
        con.execute(f'drop table {schema}."{table}"')


def _path(home: Home, roles: Roles) -> Path:
    """One model per declaration: it hangs on which roles there are, not on what their columns are called."""
    declared = json.dumps([sorted(roles.roles), sorted(roles.attributes)])
    return home.models / f"linkage_{hashlib.sha256(declared.encode()).hexdigest()[:12]}.json"


def _filled(con: duckdb.DuckDBPyConnection) -> tuple[int, set[str]]:
    """How many records there are, and the columns that hold at least one value."""
    names = [row[0] for row in con.execute("describe person").fetchall()]
    counts = con.execute(f"select count(*), {', '.join(f'count({name})' for name in names)} from person").fetchall()[0]
    return counts[0], {name for name, filled in zip(names, counts[1:], strict=True) if filled}


def _training_blocks(con: duckdb.DuckDBPyConnection, fields: list[Field], present: set[str]) -> list[tuple[str, ...]]:
    """The first blocks that have pairs enough, until each comparison is learned often enough."""
    chosen: list[tuple[str, ...]] = []
    learned = dict.fromkeys((field.name for field in fields), 0)
    for block in TRAINING_BLOCKS:
        teaches = [field.name for field in fields if not _uses(field, block)]
        wanted = [name for name in teaches if learned[name] < TRAINED_TIMES]
        if not wanted or not set(block) <= present or _pairs_of(con, block) < TRAINABLE_PAIRS:
            continue
        chosen.append(block)
        for name in teaches:
            learned[name] += 1
    return chosen


def _uses(field: Field, block: tuple[str, ...]) -> bool:
    return bool({*field.columns} & {*block})


def _pairs_of(con: duckdb.DuckDBPyConnection, block: tuple[str, ...]) -> int:
    filled = " and ".join(f"{column} is not null" for column in block)
    return con.execute(
        "select coalesce(sum(n * (n - 1) / 2), 0) "
        f"from (select count(*) as n from person where {filled} group by {', '.join(block)})"
    ).fetchall()[0][0]


def _blocks_of(present: set[str]) -> list[tuple[str, ...]]:
    return [block for block in TRAINING_BLOCKS if set(block) <= present]


def _train(con: duckdb.DuckDBPyConnection, fields: list[Field], blocks: list[tuple[str, ...]], prior: float) -> Any:
    from splink import block_on

    rules = [block_on(*block) for block in blocks]
    linker = new_linker(
        con,
        {
            "link_type": "dedupe_only",
            "unique_id_column_name": "unique_id",
            "comparisons": [field.as_splink() for field in fields],
            "blocking_rules_to_generate_predictions": rules or ["l.unique_id = r.unique_id"],
            "retain_intermediate_calculation_columns": True,
            "retain_matching_columns": True,
            "probability_two_random_records_match": prior,
        },
    )
    training = linker.training
    training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED, num_chunks=1)
    for rule in rules:
        training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=EM_PAIRS)
    return linker


def _assumed(comparison: dict[str, Any]) -> list[float]:
    """By level that is not null, how often one person's records agree, by assumption."""
    levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
    shares = [ASSUMED_SHARES.get(level["label_for_charts"], 0) for level in levels]
    different = ASSUMED_DIFFERENT.get(comparison["output_column_name"], OTHERS_ASSUMED_DIFFERENT)
    return [(1 - different) * share / sum(shares) if share else different for share in shares]


def _prior(con: duckdb.DuckDBPyConnection, blocks: list[tuple[str, ...]]) -> float:
    """The chance that two records drawn at random are one entity, from the pairs that agree in a narrow block."""
    narrow = [block for block in blocks if len(block) > 2 or set(block) & STRONG_COLUMNS] or blocks
    agree = " union ".join(_block_pairs_sql(block) for block in narrow) or "select 0 as l, 0 as r where false"
    pairs, size = con.execute(f"select (select count(*) from ({agree})), (select count(*) from person)").fetchall()[0]
    return min(max(pairs / ASSUMED_RECALL, 1) / (size * (size - 1) / 2), 0.1)


def _block_pairs_sql(block: tuple[str, ...]) -> str:
    key = " || '|' || ".join(block)
    return f"""
        select l.record_no as l, r.record_no as r
        from (
            select record_no, {key} as key
            from person
            qualify count(*) over (partition by key) <= {BLOCK_RECORDS_CAP}
        ) as l
        join (select record_no, {key} as key from person) as r on l.key = r.key and l.record_no < r.record_no
    """


def terms_sql(settings: dict[str, Any]) -> str:
    """Term frequencies of every adjusted column as one query: field, value, frequency.

    Counted over mailboxes, not records: a rare name with seven records of one person is still rare.
    """
    parts = [
        f"""
        select
            '{column}' as field,
            {column}::varchar as value,
            count(distinct holder) / sum(count(distinct holder)) over () as frequency
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


def _known_pairs(con: duckdb.DuckDBPyConnection, fields: list[Field]) -> dict[str, float]:
    """Of the pairs drawn at random for u, how many knew both values of each field, about."""
    size = con.execute("select count(*) from comparable").fetchall()[0][0]
    unknown = ", ".join(f"count(*) filter ({_one_sided(field)})" for field in fields)
    counts = con.execute(f"select {unknown} from comparable").fetchall()[0]
    drawn = min(U_PAIRS, size * (size - 1) / 2)
    return {field.name: drawn * (1 - count / size) ** 2 for field, count in zip(fields, counts, strict=True)}


def _one_sided(field: Field) -> str:
    """The condition under which a field is unknown, asked of one record alone."""
    return field.null_when.replace("_l", "").replace("_r", "")


def _completed(settings: dict[str, Any], known_pairs: dict[str, float], taught: dict[str, int]) -> dict[str, Any]:
    """Temper what few pairs taught with what is assumed, take true pairs out of chance, and cut off the last digits.

    known_pairs: field → random pairs that knew both values. taught: field → pairs of the blocks that taught it.
    Threads add in any order, so the last digits differ from one training to the next; the version must not.
    """
    prior = settings["probability_two_random_records_match"]
    settings["probability_two_random_records_match"] = _rounded(prior)
    for comparison in settings["comparisons"]:
        name = comparison["output_column_name"]
        # what was not seen once in so many pairs is rarer than one in so many, and no more is known of it
        rarest = max(RAREST_PROBABILITY, 0.5 / max(known_pairs[name], 1.0))
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        is_taught = any(level.get("m_probability") for level in levels)
        weight = taught[name] / (taught[name] + ASSUMED_PAIRS) if is_taught else 0.0
        for level, assumed in zip(levels, _assumed(comparison), strict=True):
            m = max(weight * (level.get("m_probability") or 0.0) + (1 - weight) * assumed, UNSEEN_PROBABILITY)
            level["m_probability"] = _rounded(m)
            level["u_probability"] = _rounded(max(_by_chance(level.get("u_probability") or 0.0, m, prior), rarest))
    return settings


def _by_chance(drawn: float, m: float, prior: float) -> float:
    """How often different people agree: pairs drawn at random hold those of one person too, and of a rare agreement
    they may be most. What is left is never taken for less than a tenth, since both figures are estimates."""
    return max((drawn - prior * m) / (1 - prior), LEAST_BY_CHANCE * drawn)


def _rounded(probability: float) -> float:
    return float(f"{probability:.8g}")


def save_model(
    home: Home, con: duckdb.DuckDBPyConnection, roles: Roles, settings: dict[str, Any], explanations: Explanations
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
    learned = {"settings": settings, "explanations": asdict(explanations)}
    version = hashlib.sha256(json.dumps([learned, digest], sort_keys=True).encode()).hexdigest()[:12]
    _write_whole(path, json.dumps({"version": version, "terms": kept.name, **learned}, indent=1))
    return Model(version, settings, explanations, kept)


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_suffix(f".{os.getpid()}.json")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
