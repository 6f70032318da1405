"""What the blocks teach, together."""

import random

import pytest

from identity.matching.model import load_model
from identity.matching.training import Taught
from identity.roles import platform_roles


def test_a_block_counts_by_its_pairs():
    few, many = Taught(40.0, (0.2, 0.8)), Taught(360.0, (0.8, 0.2))
    assert (few + many).agreement == pytest.approx((0.74, 0.26))
    assert (many + few).pairs == 400.0
    assert Taught(0.0, ()) + few == few == few + Taught(0.0, ())


def test_forty_pairs_of_one_kind_do_not_outvote_hundreds_of_another(world):
    """Forty who gave their birth date wrote another e-mail address each time; three hundred others kept theirs."""
    dice = random.Random(3)
    for number in range(340):
        given, family = _name(dice), _name(dice) + _name(dice)
        born = f"{1950 + number}-01-02" if number < 40 else None
        emails = [f"{_name(dice)}@mail{dice.randint(0, 60)}.org" for _ in "ab"]
        for system, another in zip("ab", emails, strict=True):
            email, phone = another if born else emails[0], f"+49151{number:07}"
            world.record(f"{system}:{number}", given=given, family=family, born=born, email=email, phone=phone)
    world.run()

    model = load_model(world.home, platform_roles())
    assert model is not None
    email = next(field for field in model.settings["comparisons"] if field["output_column_name"] == "email")
    different = email["comparison_levels"][-1]["m_probability"]
    assert 0.05 < different < 0.25, "forty of 340 differ: 12 %"


def test_how_often_one_person_has_two_accounts_is_learned(world):
    """Sixty of three hundred signed up with an account of their own in the second system."""
    dice = random.Random(4)
    for number in range(300):
        given, family = _name(dice), _name(dice) + _name(dice)
        said = {"given": given, "family": family, "email": f"{given}.{family}{number}@mail.org"}
        for system in "ab":
            account = f"{system if number < 60 else 'u'}{number}"
            world.record(f"{system}:{number}", **said, user_id=account, phone=f"+49151{number:07}")
    world.run()

    model = load_model(world.home, platform_roles())
    assert model is not None
    account = next(field for field in model.settings["comparisons"] if field["output_column_name"] == "user_id")
    same, different = account["comparison_levels"][1:]
    assert 0.1 < different["m_probability"] < 0.3, "sixty of 300 differ: 20 %"
    assert same["u_probability"] < 0.01
    assert different["u_probability"] > 0.99


def _name(dice: random.Random) -> str:
    return "".join(dice.choice(["ba", "ke", "li", "mo", "ru", "sa", "te", "vi", "no", "da"]) for _ in range(3))
