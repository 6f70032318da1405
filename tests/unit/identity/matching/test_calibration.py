"""Labels correct how far the model's bits are believed, and never turn evidence round."""

import random

import pytest

from governance.judgements import new_decision
from governance.labels import Draw, record_answer
from identity.matching.calibration import NONE, Calibration, calibrated_sql, fit
from identity.matching.model import load_model
from identity.roles import platform_roles
from identity.watching.retrain import retrain
from tests.unit.identity.generation import publish_generation
from tests.unit.identity.matching.test_model import populate

DRAW = Draw("g1", None, "apart:no:low", 0.5, 0.5)


def drawn(shift: float, slope: float, labels: int) -> list[tuple[float, bool, float]]:
    dice = random.Random(11)
    weights = [dice.uniform(-12, 12) for _ in range(labels)]
    return [(weight, dice.random() < 1 / (1 + 2 ** -(shift + slope * weight)), 1.0) for weight in weights]


@pytest.mark.parametrize(("shift", "slope"), [(0, 1), (-3, 0.8), (2, 1.2)])
def test_what_weights_are_worth_is_found(shift, slope):
    found = fit(drawn(shift, slope, labels=3_000))
    assert found.shift == pytest.approx(shift, abs=0.35)
    assert found.slope == pytest.approx(slope, abs=0.1)


def test_a_label_counts_for_the_pairs_that_it_was_drawn_from():
    """Pairs that fell on the unlikely side are asked about nine times as often as the others."""
    dice = random.Random(5)
    likely = [(weight, match, 1.0) for weight, match, _ in drawn(0, 1, labels=20_000) if match == (weight > 0)]
    unlikely = [(weight, match, 1.0) for weight, match, _ in drawn(0, 1, labels=20_000) if match != (weight > 0)]
    asked = [(*pair[:2], 9.0) for pair in likely if dice.random() < 1 / 9] + unlikely
    assert fit(asked).slope == pytest.approx(1, abs=0.1)
    assert fit([(*pair[:2], 1.0) for pair in asked]).slope < 0.6


def test_few_labels_teach_nothing_and_one_sided_ones_little():
    assert fit(drawn(-3, 1, labels=19)) == NONE
    found = fit([(5.0, True, 1.0)] * 30)
    assert 0 < found.shift < 1.5
    assert found.slope == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("weight", [-12.0, 12.0])
def test_labels_that_say_the_contrary_of_every_weight_are_heard(weight):
    found = fit([(weight, weight < 0, 1.0)] * 30)
    assert abs(found.shift + found.slope * weight) < 6
    assert found.shift * weight < 0


def test_more_evidence_stays_more_evidence_whatever_is_said():
    assert fit([(weight, weight < 0, 1.0) for weight in (-9.0, -5.0, 5.0, 9.0)] * 200).slope > 0


def test_the_weight_is_as_it_was_without_labels():
    assert calibrated_sql("weight", NONE) == "weight"
    assert calibrated_sql("weight", Calibration(-2.0, 0.5, 40)) == "(-2.0 + 0.5 * (weight))"


def test_a_training_hears_the_labels_and_the_evidence_says_so(world):
    """Thirty reviewed pairs that the model is sure of, and that are all different people."""
    populate(world, people=200)
    world.run()
    publish_generation(world.con, world.home)
    pairs = world.con.execute(
        "select record_id_l, record_id_r from identity.edges "
        "where kind = 'probabilistic' and match_weight between 3 and 15 "
        "order by hash(record_id_l, record_id_r) limit 30"
    ).fetchall()
    assert len(pairs) == 30
    for pair in pairs:
        record_answer(world.home, new_decision([pair], "different", author="ann", reason="reviewed"), DRAW)
    world.con.close()

    retrain(world.home)

    found = load_model(world.home, platform_roles())
    assert found is not None
    assert found.calibration.labels == 30
    assert found.calibration.shift + found.calibration.slope * 8 < 4
    again = type(world)(world.home)
    again.records, again.identifiers = world.records, world.identifiers
    again.run()
    own = world.summary.probabilistic_edges
    assert 0.5 * own < again.summary.probabilistic_edges < 2 * own, (
        "labels say what edges are worth, not which are kept"
    )
    said = again.con.execute("select count(*) from identity.edges where evidence like '%\"labels\":-%'").fetchall()
    assert said[0][0] > 30
