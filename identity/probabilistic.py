"""Probabilistic edges: candidate pairs scored once by the trained model, with the evidence of each field.

Belongs here: scoring, and what one field's contradiction does to the others' evidence. Must not go here: training
(model.py), candidates (candidates.py).
Concept: members of a household agree on surname, address, phone and mailbox because they live together. Where given
names or birth dates contradict each other, that agreement says "household", not "person", and counts nothing.

Makes temporary table scored_pair: record_no_l < record_no_r, match_weight (bits, prior included), rule (the blocking
rule), evidence (JSON per field), is_contradicted, agreed_weight (the weight before the contradiction took its toll).
"""

from collections.abc import Callable

import duckdb

from identity.candidates import find_candidates
from identity.model import Model, drop_splink_tables, load_model, new_linker, train_model
from identity.roles import Roles
from warehouse.home import Home

# Fields that a household has in common, and fields that tell its members apart.
HOUSEHOLD_FIELDS = ("family_name", "email", "phone", "address")
PERSONAL_FIELDS = ("given_name", "birth_date")
# A contradiction counts as one where the model learned that a person seldom contradicts itself: bits against.
CONTRADICTION_WEIGHT = -3.0


def score_pairs(home: Home, con: duckdb.DuckDBPyConnection, roles: Roles, tell: Callable[[str], None]) -> str | None:
    """Score every candidate pair. Gives the model's version; None where there is none and too little to learn from."""
    con.execute(
        "create or replace temp table scored_pair (record_no_l integer, record_no_r integer, match_weight double, "
        "rule varchar, evidence varchar, is_contradicted boolean, agreed_weight double)"
    )
    con.execute(
        "create or replace temp table comparable as "
        "select record_no as unique_id, * exclude (record_no, record_id, source) from person"
    )
    drop_splink_tables(con)
    model = load_model(home, roles)
    if not model:
        tell("training the linkage model")
        model = train_model(home, con, roles)
    if not model:
        return None
    tell("finding candidate pairs")
    find_candidates(con, roles)
    tell("scoring pairs")
    _score(con, model)
    return model.version


def _score(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    linker = new_linker(con, model.settings)
    _register_terms(con, linker, model)
    con.execute(
        "create or replace temp table blocked as "
        "select rule as match_key, record_no_l as join_key_l, record_no_r as join_key_r from candidate"
    )
    blocked = linker._db_api.register(con.table("blocked"))
    linker.table_management.register_blocked_pairs_for_predict(blocked)
    predicted = linker.inference.predict(warning_mode="never").physical_name
    con.execute(f"insert into scored_pair {_weighed_sql(predicted, model)}")
    drop_splink_tables(con)


def _register_terms(con: duckdb.DuckDBPyConnection, linker, model: Model) -> None:
    escaped = str(model.terms).replace("'", "''")
    con.execute(f"create or replace temp table term as from read_parquet('{escaped}')")
    for column in model.term_columns:
        con.execute(
            f"create or replace temp table term_{column} as "
            f"select value as {column}, frequency as tf_{column} from term where field = '{column}'"
        )
        linker.table_management.register_term_frequency_lookup(
            linker._db_api.register(con.table(f"term_{column}")), column
        )


def _weighed_sql(predicted: str, model: Model) -> str:
    weights = {name: _weight(name, model) for name in model.labels}
    contradicts = [
        f"(gamma_{name} = 0 and {weights[name]} <= {CONTRADICTION_WEIGHT})"
        for name in PERSONAL_FIELDS
        if name in weights
    ]
    household = [f"greatest({weights[name]}, 0)" for name in HOUSEHOLD_FIELDS if name in weights]
    return f"""
        with weighed as (
            select
                *,
                {" or ".join(contradicts) or "false"} as is_contradicted,
                {" + ".join(household) or "0"} as household_weight
            from {predicted}
        )
        select
            least(unique_id_l, unique_id_r),
            greatest(unique_id_l, unique_id_r),
            match_weight - case when is_contradicted then household_weight else 0 end,
            match_key,
            {_evidence_sql(model, weights)},
            is_contradicted,
            match_weight
        from weighed
    """


def _weight(name: str, model: Model) -> str:
    """A field's bits, with the adjustment for how common its value is."""
    comparison = next(one for one in model.settings["comparisons"] if one["output_column_name"] == name)
    adjusted = any(level.get("tf_adjustment_column") for level in comparison["comparison_levels"])
    return f"(mw_{name} + mw_tf_adj_{name})" if adjusted else f"mw_{name}"


def _evidence_sql(model: Model, weights: dict[str, str]) -> str:
    parts = []
    for name, labels in model.labels.items():
        named = " ".join(f"when {number} then '{label}'" for number, label in labels.items())
        parts.append(
            f"""case when gamma_{name} >= 0 then '"{name}":["' || case gamma_{name} {named} end """
            f"""|| '",' || round({weights[name]}, 1) || ']' end"""
        )
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"
