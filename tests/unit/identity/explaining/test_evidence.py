"""What an edge's evidence adds up to, and how it is said: every rule and every level has its phrase."""

from dataclasses import replace

import pytest

from identity.explaining.evidence import Bar, Edge, prior_of, waterfall, weight_without
from identity.explaining.phrases import LEVELS, RULES, bits_in_words, level_phrase, odds, sentence, weighed_sentence
from identity.matching.comparisons import fields_for
from identity.roles import ROLES, Roles, platform_roles

EMAIL = Edge(
    "a:1", "b:2", "deterministic", "same_email_and_name", 14.0, '{"given_name":["same",2.0],"email":["same",8.0]}'
)
SCORED = Edge(
    "a:1",
    "b:2",
    "probabilistic",
    "names",
    5.0,
    '{"prior":-9.5,"family_name":["same",6.5],"birth_date":["same",10.0],"phone":["different",-2.0]}',
)
HOUSEHOLD = Edge(
    "a:1", "b:2", "probabilistic", "shared_identifier", -18.5,
    '{"prior":-9.5,"household":-14.0,"given_name":["different",-9.0],"family_name":["same",6.0],"email":["same",8.0]}',
    is_cut=True,
)  # fmt: skip
DEVICE = Edge("a:1", "d:1", "deterministic", "device_of_user", 30.0, '{"shared":["user_id"]}')
NUMBER = Edge("a:1", "b:2", "deterministic", "same_customer_number", 25.0, '{"shared":["loyalty_id"],"names":"open"}')
JUDGED = Edge("a:1", "b:2", "judgement", "judged_same", 60.0, '{"email":["same",8.0]}')
BARE = Edge("a:1", "b:2", "judgement", "judged_different", -60.0, None, is_cut=True)
PRIOR = -9.5


def test_the_prior_is_told_by_scored_pairs_alone():
    assert prior_of([EMAIL, SCORED, DEVICE]) == PRIOR
    assert prior_of([EMAIL, DEVICE]) is None


@pytest.mark.parametrize("edge", [EMAIL, SCORED, HOUSEHOLD, DEVICE, NUMBER, JUDGED, BARE])
def test_the_steps_add_up_to_the_weight(edge):
    assert sum(bar.bits for bar in waterfall(edge, PRIOR)) == pytest.approx(edge.weight)
    assert sum(bar.bits for bar in waterfall(edge, None)) == pytest.approx(edge.weight)


def test_a_rule_lifts_what_the_model_says_to_its_own_worth():
    assert waterfall(EMAIL, PRIOR) == [
        Bar("prior", "", PRIOR),
        Bar("given_name", "same", 2.0),
        Bar("email", "same", 8.0),
        Bar("rule", "", 13.5),
    ]


def test_what_colleagues_explain_as_well_is_taken_off():
    evidence = '{"prior":-9.5,"colleagues":-6.0,"given_name":["same",8.0],"employer":["same",7.0]}'
    edge = Edge("a:1", "b:2", "probabilistic", "given_name_and_employer", -0.5, evidence)
    assert waterfall(edge, PRIOR)[-1] == Bar("colleagues", "", -6.0)
    assert set(edge.fields) == {"given_name", "employer"}


def test_what_a_household_explains_as_well_is_taken_off():
    assert waterfall(HOUSEHOLD, PRIOR) == [
        Bar("prior", "", PRIOR),
        Bar("given_name", "different", -9.0),
        Bar("family_name", "same", 6.0),
        Bar("email", "same", 8.0),
        Bar("household", "", -14.0),
    ]


@pytest.mark.parametrize(
    ("edge", "field", "left"),
    [
        (EMAIL, "email", -7.5),  # the rule hangs on it, and so do its own bits
        (EMAIL, "given_name", -1.5),
        (EMAIL, "phone", 14.0),
        (SCORED, "birth_date", -5.0),
        (HOUSEHOLD, "email", -18.5),  # it counted nothing already
        (DEVICE, "user_id", 0.0),
        (NUMBER, "loyalty_id", 0.0),
        (JUDGED, "email", 60.0),
    ],
)
def test_what_is_left_without_a_field(edge, field, left):
    assert weight_without(edge, field, PRIOR, platform_roles()) == left


def test_a_rule_that_hangs_on_something_else_still_stands():
    both = Edge("a", "b", "deterministic", "same_phone_and_name", 20.0, '{"given_name":["same",2],"email":["same",27]}')
    assert weight_without(both, "email", PRIOR, platform_roles()) == 11.0


def test_every_rule_has_a_sentence():
    rules = {tier.rule for tier in platform_roles().tiers} | {"device_of_user", "judged_same", "judged_different"}
    assert rules - RULES.keys() == set()


def test_every_level_of_every_field_has_a_phrase():
    every = Roles(records="r", unique_id="id", roles={role: role for role in ROLES})
    missing = [
        f"{field.name}: {level['label_for_charts']}"
        for field in fields_for(every, {"given_name", "family_name", "middle_name", "birth_date", "email", "phone",
                                        "street", "postal_code", "city", "gender", "national_id", "employer"})
        for level in field.as_splink()["comparison_levels"]
        if not level.get("is_null_level")
        and level["label_for_charts"] not in LEVELS.get(field.name, {})
        and ":" in level_phrase(field.name, level["label_for_charts"])
    ]  # fmt: skip
    assert missing == []


@pytest.mark.parametrize(
    ("edge", "said"),
    [
        (EMAIL, "Same e-mail address and the same given name."),
        (SCORED, "Same family name and the same birth date; against it, different phone numbers."),
        (HOUSEHOLD, "Same family name and the same e-mail address; against it, different given names."),
        (
            replace(EMAIL, rule="same_user_id"),
            "Same user id, the application's own key for one account; also the same given name and the same e-mail "
            "address.",
        ),
        (DEVICE, "A device that only this user has signed in on."),
        (NUMBER, "Same customer number in another system."),
        (JUDGED, "A person judged the two to be one; also the same e-mail address."),
        (BARE, "A person judged the two to be different people."),
        (replace(EMAIL, evidence='{"shared":["email"]}'), "Same e-mail address and given names that agree."),
        (
            replace(EMAIL, evidence='{"given_name":["swapped",1],"family_name":["swapped",2]}'),
            "Same e-mail address and given and family name swapped.",
        ),
        (
            replace(EMAIL, evidence='{"family_name":["different",-4.1],"address":["different",-0.2]}'),
            "Same e-mail address and given names that agree; against it, different family names.",
        ),
        (
            replace(SCORED, evidence='{"given_name":["swapped",1],"family_name":["swapped",2],"work":["alike",1]}'),
            "Given and family name swapped and work nearly the same.",
        ),
    ],
)  # fmt: skip
def test_an_edge_is_one_sentence(edge, said):
    assert sentence(edge) == said


def test_a_sentence_ends_with_bits_and_odds():
    assert weighed_sentence(EMAIL) == (
        "Same e-mail address and the same given name (14 bits: sixteen thousand to one)."
    )


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (0, "about even"),
        (-0.3, "about even"),
        (1, "two to one"),
        (3.4, "eleven to one"),
        (-4.5, "twenty-three to one against"),
        (7, "one hundred and thirty to one"),
        (9.965, "one thousand to one"),
        (9.5, "seven hundred and twenty to one"),
        (19.97, "one million to one"),
        (14, "sixteen thousand to one"),
        (25.9, "sixty-three million to one"),
        (30, "one billion to one"),
        (53, "more than a trillion to one"),
    ],
)
def test_odds_are_told_in_words(bits, said):
    assert odds(bits) == said


@pytest.mark.parametrize(("bits", "said"), [(1, "1 bit"), (-1, "−1 bit"), (-0.04, "0 bits"), (12.25, "12.2 bits")])
def test_bits_are_told_to_a_tenth(bits, said):
    assert bits_in_words(bits).split(":")[0] == said
