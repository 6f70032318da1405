"""Single values: the phones that are drawn are real numbers, and each error looks as it should."""

from datetime import date

import phonenumbers
import pytest

from seeds.demo import errors
from seeds.demo.chance import SLOTS, Dice, Numbers, skewed
from seeds.demo.clock import iso, iso_millis, iso_offset, plain
from seeds.demo.countries import COUNTRIES, Country, draw_address, draw_landline, draw_mobile, plain_letters
from seeds.demo.delivery import Delivery
from seeds.demo.population import user_id

DAY = 86_400
UNTIL = 20_000 * DAY


@pytest.fixture
def dice() -> Dice:
    return Dice(1)


@pytest.mark.parametrize("country", COUNTRIES.values(), ids=COUNTRIES)
def test_drawn_phones_are_valid_and_survive_any_notation(country: Country, dice: Dice) -> None:
    lost = []
    for number in range(400):
        area = draw_address(country, dice).area_code
        digits = (draw_mobile if number % 2 else draw_landline)(country, dice, area)
        parsed = phonenumbers.parse(errors.written_phone(digits, country, dice), country.code)
        meant = phonenumbers.parse(f"+{country.dial}{digits}")
        if parsed != meant or not phonenumbers.is_valid_number(meant):
            lost.append(digits)

    assert len(lost) <= 400 * 0.03


def test_a_slip_changes_a_word_but_not_its_first_letter(dice: Dice) -> None:
    slips = {errors.slip("Katharina", dice) for _ in range(200)}

    assert len(slips) > 10
    assert {slip[0] for slip in slips} == {"K"}
    assert errors.slip("Jo", dice) == "Jo"


def test_a_slipped_birth_date_is_another_day_near_it(dice: Dice) -> None:
    born = date(1984, 3, 9)

    slips = {errors.slipped_birth_date(born, dice) for _ in range(100)}

    assert born not in slips
    assert date(1984, 9, 3) in slips
    assert {abs(slip.year - 1984) for slip in slips} <= {0, 1, 10}


@pytest.mark.parametrize(
    ("written", "plain_text"),
    [("Müller", "Mueller"), ("Strauß", "Strauss"), ("Renée", "Renee"), ("Yıldız", "Yildiz"), ("O'Brien", "O'Brien")],
)
def test_plain_letters(written: str, plain_text: str) -> None:
    assert plain_letters(written) == plain_text


def test_a_skewed_table_fills_its_slots_and_prefers_the_first() -> None:
    table = skewed(["a", "b", "c"], skew=1)

    assert len(table) == SLOTS
    assert table.count("a") > table.count("b") > table.count("c") > 0


def test_ids_of_two_chunks_never_meet() -> None:
    first, second = (Numbers(Dice(chunk), chunk, 100, per_chunk=50) for chunk in (0, 1))

    taken = [numbers.take() for numbers in (first, second) for _ in range(50)]
    assert len(set(taken)) == 100
    assert len({user_id(index, account) for index in range(5_000) for account in (0, 1)}) == 10_000


def test_moments_are_written_as_the_vendors_do() -> None:
    at = 1_793_491_199  # 2026-10-31 23:59:59 UTC

    assert iso(at) == "2026-10-31T23:59:59Z"
    assert iso_millis(at, 7) == "2026-10-31T23:59:59.007Z"
    assert iso_offset(at) == "2026-11-01T00:59:59+01:00"
    assert plain(at) == "2026-10-31 23:59:59"


def test_an_export_holds_the_newest_version_that_it_can_know() -> None:
    delivery = Delivery(UNTIL)
    versions = [(UNTIL - 90 * DAY, "old"), (UNTIL - 40 * DAY, "first"), (UNTIL - 6 * DAY, "a"), (UNTIL - DAY, "b")]
    delivery.versions("shop", "things", [(at, {"is": what}) for at, what in [*versions, (UNTIL + 1, "not yet")]])

    assert list(delivery.lines.values()) == [['{"is":"first"}'], ['{"is":"b"}']]
    assert [path[-16:] for path in delivery.lines] == ["2024-09-06.jsonl", "2024-10-04.jsonl"]
