"""Labels: answers of the review, kept with how the pair came to be asked about.

Belongs here: writing and reading them. Must not go here: which pairs are asked about (identity/judging/review.py), what
is estimated from them (identity/judging/quality.py).
Concept: an answer is a judgement and a label at once. As a label it is worth something only with its stratum and the
probability of its draw; with the judgement withdrawn or outdone by a newer one, the label no longer counts.
"""

from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass

from governance.judgements import Decision, counting, insert
from warehouse.home import Home
from warehouse.state import open_state

INSERT = """
    insert into labels
        (judgement_id, generation, model_version, stratum, match_probability, draw_probability, labelled_at)
    select
        judgement_id, :generation, :model_version, :stratum, :match_probability, :draw_probability, recorded_at
    from judgements
    where judgement_id = :judgement_id
"""


@dataclass(frozen=True)
class Draw:
    """How a pair came to be asked about. match_probability: the model's, then; draw_probability: of this pair to be in
    the sample, within its stratum. Both 0 to 1."""

    generation: str
    model_version: str | None
    stratum: str
    match_probability: float
    draw_probability: float


def record_answer(home: Home, decision: Decision, draw: Draw) -> str:
    """Store an answer as judgement and label, both or neither; gives the judgement's id."""
    with closing(open_state(home)) as state, state:
        judgement_id = insert(state, decision)
        state.execute(INSERT, {"judgement_id": judgement_id, **asdict(draw)})
    return judgement_id


def labelled_pairs(home: Home) -> list[tuple[str, str, bool, float]]:
    """Of every label, of whatever model, that still counts and is sure: record_id_l, record_id_r, whether it is a
    match, and how many pairs of its stratum it stands for."""
    with closing(open_state(home)) as state:
        rows = state.execute("select judgement_id, draw_probability from labels").fetchall()
    drawn = {row["judgement_id"]: row["draw_probability"] for row in rows}
    return [
        (judgement.record_id_l, judgement.record_id_r, judgement.verdict == "same", 1 / drawn[judgement.judgement_id])
        for judgement in counting(home)
        if judgement.judgement_id in drawn and judgement.verdict in ("same", "different")
    ]


def count_labels(home: Home, model_version: str | None) -> Counter[tuple[str, str]]:
    """(stratum, verdict) → labels given to pairs of this model, in whatever generation, that still count."""
    verdicts = {judgement.judgement_id: judgement.verdict for judgement in counting(home)}
    with closing(open_state(home)) as state:
        rows = state.execute(
            "select judgement_id, stratum from labels where model_version is ?", (model_version,)
        ).fetchall()
    return Counter((row["stratum"], verdicts[row["judgement_id"]]) for row in rows if row["judgement_id"] in verdicts)
