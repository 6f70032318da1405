"""Probabilistic edges: candidate pairs scored once by the trained model, with the evidence of each field.

Belongs here: scoring, and what one field's contradiction does to the others' evidence. Must not go here: training
(training.py), candidates (candidates.py).
Concept: an agreement is weighed against chance, a household and colleagues (explanations.py).

Makes temporary table scored_pair, of the pairs that share an identifier or may weigh enough: record_no_l < record_no_r,
match_weight (bits, prior included), rule (the blocking rule), evidence (JSON per field), is_contradicted (given names
or birth dates differ, and two people together explain the rest or the rest speaks against one person too),
agreed_weight (the model's own weight if chance were all that is weighed against).
"""

from collections.abc import Callable
from math import log2
from typing import Any

import duckdb

from governance.labels import labelled_pairs
from identity.matching.calibration import calibrated_sql, fit
from identity.matching.candidates import SHARED_IDENTIFIER, Blocking, cap_of, find_candidates
from identity.matching.deterministic import find_shared_pairs
from identity.matching.drawing import draw_pairs
from identity.matching.expectation import estimate
from identity.matching.explanations import (
    CONTRADICTION_WEIGHT,
    odds_sql,
    weight_against_chance_sql,
    weight_sql,
    weights_sql,
)
from identity.matching.linker import drop_splink_tables
from identity.matching.model import Model, kept_terms_sql, save_model, terms_sql
from identity.matching.people import load_people
from identity.matching.predictions import predictions_sql
from identity.matching.training import train_settings
from identity.roles import Roles
from warehouse.home import Home

# Pairs below this are evidence enough against, whatever else is known of them.
KEPT_FROM_WEIGHT = -4.0


def score_pairs(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    roles: Roles,
    model: Model | None,
    blocking: Blocking,
    tell: Callable[[str], None],
    *,
    is_partial: bool = False,
) -> Model | None:
    """Find the pairs that share an identifier, and score every candidate pair, by a model trained now where there is
    none. Gives the model; None where the roles want none, or there is too little to learn from.

    is_partial: only pairs with a touched record are wanted, and `person` is loaded with those alone; else it holds all.
    """
    con.execute(
        "create or replace temp table scored_pair (record_no_l integer, record_no_r integer, match_weight double, "
        "rule varchar, evidence varchar, is_contradicted boolean, agreed_weight double)"
    )
    drop_splink_tables(con)
    settings = (model.settings if model else _trained(con, roles, tell)) if roles.probabilistic else None
    if not settings:
        find_shared_pairs(con, roles)
        return None
    _load_terms(con, model, settings)
    tell("finding candidate pairs")
    find_candidates(con, blocking, is_partial=is_partial)
    if is_partial:
        load_people(con, roles, of="select unnest([record_no_l, record_no_r]) as record_no from candidate")
    find_shared_pairs(con, roles)
    tell("scoring pairs")
    model = model or _learned(home, con, roles, settings)
    predicted = predictions_sql(settings, "from candidate")
    con.execute(f"""
        insert into scored_pair
        from ({_weighed_sql(predicted, model)}) as weighed (l, r, weight, rule, evidence, is_contradicted, agreed)
        where agreed >= {KEPT_FROM_WEIGHT} or rule = '{SHARED_IDENTIFIER}'
    """)
    return model


def _trained(con: duckdb.DuckDBPyConnection, roles: Roles, tell: Callable[[str], None]) -> dict[str, Any] | None:
    tell("training the linkage model")
    return train_settings(con, roles)


def _learned(home: Home, con: duckdb.DuckDBPyConnection, roles: Roles, settings: dict[str, Any]) -> Model:
    """The model of these candidates, kept in the home; calibrated by what labels say of them."""
    explanations = estimate(con, predictions_sql(settings, draw_pairs(con)), settings, cap_of(con, "names"))
    labels, columns = labelled_pairs(home), ("lefts", "rights", "matches", "times")
    con.execute(
        "create or replace temp table label as select unnest($lefts::varchar[]) as record_id_l, "
        "unnest($rights::varchar[]) as record_id_r, unnest($matches::boolean[]) as is_match, "
        "unnest($times::double[]) as times",
        {name: [label[place] for label in labels] for place, name in enumerate(columns)},
    )
    con.execute("""
        create or replace temp table labelled as
        select candidate.*, is_match, times
        from label
        join person as l on record_id_l = l.record_id
        join person as r on record_id_r = r.record_id
        join candidate on record_no_l = l.record_no and record_no_r = r.record_no
    """)
    predicted = predictions_sql(settings, "select distinct record_no_l, record_no_r, rule from labelled")
    by_itself = Model("", settings, explanations, home.models)
    weighed = con.execute(f"""
        select weight, is_match, times
        from ({_weighed_sql(predicted, by_itself)}) as weighed (l, r, weight, rule, evidence, is_contradicted, agreed)
        join labelled on l = record_no_l and r = record_no_r
        order by all
    """)
    return save_model(home, con, roles, settings, explanations, fit(weighed.fetchall()))


def _load_terms(con: duckdb.DuckDBPyConnection, model: Model | None, settings: dict[str, Any]) -> None:
    """`term` (field, value, frequency): the model's own, or counted now where it is being trained."""
    con.execute(f"create or replace temp table term as {kept_terms_sql(model) if model else terms_sql(settings)}")


def _weighed_sql(predicted: str, model: Model) -> str:
    """The rows of `scored_pair` from Splink's predictions.

    A nameless record on an identifier of several people is one of them, and beyond what is personal no more is
    known: its weight is at most that of one in so many."""
    found = model.explanations
    weights = weights_sql(model.settings, found)
    return f"""
        with ambiguous as (
            select record_no_l, record_no_r, people_count from shared_pair where names = 'open' and people_count > 1
        ),
        likely as (
            select
                *,
                {weights.together} as together,
                {weights.sources} as sources,
                {weights.same} + together + sources as same_bits,
                {", ".join(f"{sql} as {name}_odds" for name, sql in odds_sql(found, weights.two).items())},
                {" + ".join(f"{name}_odds" for name in found.two)} as two_odds,
                {weights.personal} as personal_bits,
                {weights.differs} as differs,
                {weights.contradicts} as contradicts
            from {predicted}
            left join ambiguous
                on least(unique_id_l, unique_id_r) = record_no_l and greatest(unique_id_l, unique_id_r) = record_no_r
        ),
        believed as (
            select
                *,
                least({weight_sql(found)}, personal_bits - log2(people_count - 1)) as own_weight,
                {weight_against_chance_sql(found)} as own_weight_against_chance
            from likely
        ),
        weighed as (
            select
                *,
                {calibrated_sql("own_weight", model.calibration)} as weight
            from believed
        )
        select
            least(unique_id_l, unique_id_r),
            greatest(unique_id_l, unique_id_r),
            weight,
            match_key,
            {_evidence_sql(model, weights.of_field, log2(found.same))},
            differs and weight < 0
                and (own_weight_against_chance - own_weight > 1 or weight <= {CONTRADICTION_WEIGHT}),
            own_weight_against_chance
        from weighed
    """


def _likelier_sql(model: Model) -> str:
    """Of the classes of two people, the one that explains a pair best."""
    whens = " ".join(
        f"when {name}_odds >= greatest({', '.join(f'{other}_odds' for other in model.explanations.two)}) then '{name}'"
        for name in model.explanations.two
    )
    return f"case {whens} end"


def _evidence_sql(model: Model, weights: dict[str, str], prior: float) -> str:
    """JSON: the bits of the prior, what a household or colleagues explain as well, what labels taught, and each field's
    level and bits; no value."""
    parts = [
        f"""'"prior":{prior:.1f}'""",
        """case when abs(sources) >= 0.05 then '"sources":' || round(sources, 1) end""",
        """case when together <= -0.05 then '"together":' || round(together, 1) end""",
        f"""case when own_weight_against_chance - own_weight >= 0.05
            then '"' || {_likelier_sql(model)} || '":' || round(own_weight - own_weight_against_chance, 1) end""",
        """case when abs(weight - own_weight) >= 0.05 then '"labels":' || round(weight - own_weight, 1) end""",
    ]
    for name, labels in model.labels.items():
        named = " ".join(f"when {number} then '{label}'" for number, label in labels.items())
        parts.append(
            f"""case when gamma_{name} >= 0 then '"{name}":["' || case gamma_{name} {named} end """
            f"""|| '",' || round({weights[name]}, 1) || ']' end"""
        )
    return f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"
