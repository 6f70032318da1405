"""Learning a model from the records: what agrees by chance, and how one person's records agree.

Belongs here: blocks to learn from, what is assumed where little can be learned. Must not go here: keeping a model
(model.py), households (explanations.py), the comparisons (comparisons.py).
Concept: Fellegi and Sunter 1969, as trained by Splink. People are learned from blocks that name one person, never a
household. Each block shows its own kind of pairs (who shares a telephone shares an address, too), so that all are
asked, and each counts by how many pairs of one person it holds; what few pairs taught is tempered by what customer
records are like everywhere.
"""

import re
from dataclasses import dataclass
from typing import Any

import duckdb

from identity.matching.candidates import BLOCK_RECORDS_CAP
from identity.matching.comparisons import PERSONAL, Field, fields_for, levels_of
from identity.matching.linker import drop_splink_tables, new_linker
from identity.roles import Roles

SEED = 20_260_101
# Fewer records hold too few pairs to learn from. What people are like is then assumed, and only chance is learned;
# of the fewest, not even that, and their edges are the deterministic ones alone.
TRAINABLE_RECORDS = 200
SCORABLE_RECORDS = 100
# An assumption counts as so many pairs against those that taught a field.
ASSUMED_PAIRS = 30
# How often two records of one person agree, as shares among a field's levels: the order of magnitude that customer
# records of all kinds show, not of any data set.
ASSUMED_SHARES = {
    "same": 80,
    "short form": 4,
    "alike": 5,
    "sounds alike": 2,
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
    "words within": 8,
    "a word": 5,
}
# How often one person's records differ altogether, beyond slips, short forms and exchanged parts: a birth date and a
# given name are for life, an address is not.
ASSUMED_DIFFERENT = {
    "given_name": 0.001,
    "generation": 0.001,
    "birth_date": 0.001,
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

# Blocks that name one person, never a household: the pairs of one person are found among theirs, and teach the fields
# that the block does not hold.
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
STRONG_COLUMNS = {"email", "phone", "national_id"}
# Fathers and sons have a name and a door in common, and only what is personal tells them apart: how often that differs
# for one person is learned among them only where nothing narrower teaches it.
NAMES_ALONE = (("given_name", "family_name", "postal_code"), ("given_name", "family_name"))
# The share of true pairs that agree in one of the blocks above; only its order of magnitude matters.
ASSUMED_RECALL = 0.6


@dataclass(frozen=True)
class Taught:
    """pairs: of one person, as many as knew the field. agreement: how often they agreed at each level, 0 to 1."""

    pairs: float
    agreement: tuple[float, ...]

    def __add__(self, other: "Taught") -> "Taught":
        """Both, each by its pairs."""
        pairs = self.pairs + other.pairs
        if not self.pairs or not other.pairs:
            return self if self.pairs else other
        return Taught(
            pairs,
            tuple(
                (self.pairs * mine + other.pairs * theirs) / pairs
                for mine, theirs in zip(self.agreement, other.agreement, strict=True)
            ),
        )


def train_settings(con: duckdb.DuckDBPyConnection, roles: Roles) -> dict[str, Any] | None:
    """Splink's settings learned from the records in `person`; None where they are too few to learn from."""
    size, present = _filled(con)
    if size < SCORABLE_RECORDS:
        return None
    fields = fields_for(roles, present)
    if not fields:
        return None
    blocks = _training_blocks(con, fields, present) if size >= TRAINABLE_RECORDS else []
    con.execute(  # in their order, since samples are drawn from it
        "create or replace temp table comparable as "
        "select record_no as unique_id, * exclude (record_no, record_id, source) from person order by record_no"
    )
    linker = _new_linker(con, fields, blocks, _prior(con, blocks or _blocks_of(present)))
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=SEED, num_chunks=1)
    taught = _learn(con, linker, fields, blocks)
    settings = _completed(linker.misc.save_model_to_json(), _known_pairs(con, fields), taught)
    for field, comparison in zip(fields, settings["comparisons"], strict=True):
        comparison["comparison_description"] = PERSONAL if field.is_personal else "common"
    settings.pop("linker_uid", None)
    drop_splink_tables(con)
    con.execute("drop table comparable")
    return settings


def _filled(con: duckdb.DuckDBPyConnection) -> tuple[int, set[str]]:
    """How many records there are, and the columns that hold at least one value."""
    names = [row[0] for row in con.execute("describe person").fetchall()]
    counts = con.execute(f"select count(*), {', '.join(f'count({name})' for name in names)} from person").fetchall()[0]
    return counts[0], {name for name, filled in zip(names, counts[1:], strict=True) if filled}


def _training_blocks(con: duckdb.DuckDBPyConnection, fields: list[Field], present: set[str]) -> list[tuple[str, ...]]:
    """The blocks that teach a field and have pairs enough."""
    return [
        block
        for block in TRAINING_BLOCKS
        if set(block) <= present
        and not all(_uses(field, block) for field in fields)
        and _pairs_of(con, block) >= TRAINABLE_PAIRS
    ]


def _uses(field: Field, block: tuple[str, ...]) -> bool:
    return bool({*field.columns} & {*block})


def _pairs_of(con: duckdb.DuckDBPyConnection, block: tuple[str, ...], where: str = "true") -> int:
    """Pairs that agree in a block, among the records of which a condition holds."""
    filled = " and ".join(f"{column} is not null" for column in block)
    return con.execute(
        "select coalesce(sum(n * (n - 1) / 2), 0) "
        f"from (select count(*) as n from person where {filled} and {where} group by {', '.join(block)})"
    ).fetchall()[0][0]


def _blocks_of(present: set[str]) -> list[tuple[str, ...]]:
    return [block for block in TRAINING_BLOCKS if set(block) <= present]


def _new_linker(
    con: duckdb.DuckDBPyConnection, fields: list[Field], blocks: list[tuple[str, ...]], prior: float
) -> Any:
    rules = [_rule(block) for block in blocks]
    return new_linker(
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


def _rule(block: tuple[str, ...]) -> Any:
    from splink import block_on

    return block_on(*block)


def _learn(
    con: duckdb.DuckDBPyConnection, linker: Any, fields: list[Field], blocks: list[tuple[str, ...]]
) -> dict[str, Taught]:
    """How one person agrees, by field: what every block taught, weighed by its pairs of one person that knew the field.

    Splink by itself takes the median of the blocks, and forty pairs of one count as much as ten thousand of another.
    """
    taught = {field.name: Taught(0.0, ()) for field in fields}
    narrowly: set[str] = set()
    for block in blocks:
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            _rule(block), max_pairs=EM_PAIRS
        ).core_model_settings
        of_one_person = session.probability_two_random_records_match
        learned = {comparison.output_column_name: comparison for comparison in session.comparisons}
        for field in (field for field in fields if field.name in learned):
            known = min(_pairs_of(con, block, f"not coalesce({_one_sided(field)}, false)"), EM_PAIRS)
            if block not in NAMES_ALONE and known:
                narrowly.add(field.name)
            elif field.is_personal and (field.name in narrowly or known < TRAINABLE_PAIRS):
                continue
            taught[field.name] += Taught(of_one_person * known, _agreement(learned[field.name]))
    return taught


def _agreement(comparison: Any) -> tuple[float, ...]:
    """By level that is not null, how often one person's records agreed; never is 0."""
    levels = [level for level in comparison.comparison_levels if not level.is_null_level]
    return tuple(m if isinstance(m := level.m_probability, float) else 0.0 for level in levels)


def _assumed(comparison: dict[str, Any]) -> list[float]:
    """By level that is not null, how often one person's records agree, by assumption."""
    levels = levels_of(comparison)
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


def _known_pairs(con: duckdb.DuckDBPyConnection, fields: list[Field]) -> dict[str, float]:
    """Of the pairs drawn at random for u, how many knew both values of each field, about."""
    size = con.execute("select count(*) from comparable").fetchall()[0][0]
    unknown = ", ".join(f"count(*) filter ({_one_sided(field)})" for field in fields)
    counts = con.execute(f"select {unknown} from comparable").fetchall()[0]
    drawn = min(U_PAIRS, size * (size - 1) / 2)
    return {field.name: drawn * (1 - count / size) ** 2 for field, count in zip(fields, counts, strict=True)}


def _one_sided(field: Field) -> str:
    """The condition under which a field is unknown, asked of one record alone."""
    return re.sub(r"_[lr]\b", "", field.null_when)


def _completed(settings: dict[str, Any], known_pairs: dict[str, float], taught: dict[str, Taught]) -> dict[str, Any]:
    """Temper what few pairs taught with what is assumed, take true pairs out of chance, and cut off the last digits.

    known_pairs: field → random pairs that knew both values.
    Threads add in any order, so the last digits differ from one training to the next; the version must not.
    """
    prior = settings["probability_two_random_records_match"]
    settings["probability_two_random_records_match"] = _rounded(prior)
    for comparison in settings["comparisons"]:
        name = comparison["output_column_name"]
        # what was not seen once in so many pairs is rarer than one in so many, and no more is known of it
        rarest = max(RAREST_PROBABILITY, 0.5 / max(known_pairs[name], 1.0))
        levels, assumed = levels_of(comparison), _assumed(comparison)
        believed = taught[name] + Taught(ASSUMED_PAIRS, tuple(assumed))
        for level, one_person in zip(levels, believed.agreement, strict=True):
            m = max(one_person, UNSEEN_PROBABILITY)
            level["m_probability"] = _rounded(m)
            level["u_probability"] = _rounded(max(_by_chance(level.get("u_probability") or 0.0, m, prior), rarest))
    return settings


def _by_chance(drawn: float, m: float, prior: float) -> float:
    """How often different people agree: pairs drawn at random hold those of one person too, and of a rare agreement
    they may be most. What is left is never taken for less than a tenth, since both figures are estimates."""
    return max((drawn - prior * m) / (1 - prior), LEAST_BY_CHANCE * drawn)


def _rounded(probability: float) -> float:
    return float(f"{probability:.8g}")
