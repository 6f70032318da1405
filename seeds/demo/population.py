"""Who lives in the demo: households of people with names, birth dates, homes, phones and mailboxes.
Companies: companies.py. What the systems believe of them: impressions.py.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from seeds.demo.chance import Dice
from seeds.demo.clock import DAY
from seeds.demo.countries import MARKETS, Country, draw_address, draw_landline, draw_mobile, plain_letters
from seeds.demo.people import Company, Household, Person
from seeds.demo.rates import ErrorRates

HISTORY_DAYS = 900
HOUSEHOLD_SIZES = [1] * 36 + [2] * 34 + [3] * 16 + [4] * 14
_HANDLES = [
    "sunny",
    "moon",
    "river",
    "coffee",
    "garden",
    "pixel",
    "rocket",
    "panda",
    "tiger",
    "bike",
    "jazz",
    "nord",
    "luna",
    "star",
    "music",
    "fuchs",
    "wolf",
    "kiwi",
    "maple",
    "disco",
]


@dataclass
class Population:
    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)


class Census:
    """Makes the people of one chunk. first: index of its first person over all chunks."""

    def __init__(self, dice: Dice, rates: ErrorRates, until: int, first: int):
        self.dice, self.rates, self.until, self._next = dice, rates, until, first
        self._mailboxes: set[str] = set()

    def settle(self, count: int) -> Population:
        population = Population()
        while len(population.people) < count:
            household = self.household(min(self.dice.pick(HOUSEHOLD_SIZES), count - len(population.people)))
            population.households.append(household)
            population.people.extend(household.members)
        return population

    def household(self, size: int) -> Household:
        dice, rates = self.dice, self.rates
        country = dice.pick(MARKETS)
        surname = country.surname(dice)
        address = draw_address(country, dice)
        moved = dice.chance(rates.movers)
        many = size > 1
        home = Household(
            country=country,
            address=address,
            old_address=draw_address(country, dice) if moved else None,
            moved_at=self.until - dice.between(5, 400) * DAY if moved else 0,
            shared_email=self._family_mailbox(country, surname) if many and dice.chance(rates.shared_email) else None,
            shared_phone=draw_landline(country, dice, address.area_code)
            if many and dice.chance(rates.shared_phone)
            else None,
            shared_device=dice.uuid() if many and dice.chance(rates.shared_device) else None,
        )
        self._move_in(home, surname, size)
        return home

    def _move_in(self, home: Household, surname: str, size: int) -> None:
        dice = self.dice
        first = self.person(home, "m" if dice.chance(0.5) else "f", surname, 1940 + int(dice.random() * 62))
        home.members.append(first)
        if size == 1:
            return
        year = min(2004, max(1936, first.born.year + dice.between(-6, 6)))
        partner = self.person(
            home, "f" if first.gender == "m" else "m", surname if dice.chance(0.8) else home.country.surname(dice), year
        )
        self._marry(first, partner)
        home.members.append(partner)
        for _ in range(size - 2):
            home.members.append(self._child(home, surname))

    def _child(self, home: Household, surname: str) -> Person:
        dice, rates = self.dice, self.rates
        parent, sibling = home.members[0], home.members[2] if len(home.members) > 2 else None
        year = min(2008, parent.born.year + dice.between(22, 36))
        gender = "m" if dice.chance(0.5) else "f"
        child = self.person(home, gender, surname, year)
        if sibling and dice.chance(rates.twins):
            child.born = sibling.born
            if dice.chance(rates.same_initial_twins):
                self._rename(child, self._alike(home.country, child.gender, sibling.given))
        elif dice.chance(rates.namesakes):
            elder = next((member for member in home.members[:2] if member.gender == gender), parent)
            child.gender = elder.gender
            self._rename(child, elder.given)
        return child

    def _alike(self, country: Country, gender: str, given: str) -> str:
        names = country.male if gender == "m" else country.female
        alike = [name for name in dict.fromkeys(names) if name[:2] == given[:2] and name != given]
        return self.dice.pick(alike) if alike else country.given(self.dice, gender)

    def _rename(self, person: Person, given: str) -> None:
        person.given = given
        person.email = self.mailbox(person.country, given, person.family, person.born.year)

    def _marry(self, first: Person, partner: Person) -> None:
        for person in (first, partner):
            rate = self.rates.married_name * (1.0 if person.gender == "f" else 0.2)
            if first.family == partner.family and self.dice.chance(rate):
                person.birth_family = person.country.surname(self.dice)
                person.married_at = self.until - self.dice.between(20, HISTORY_DAYS) * DAY
                if self.dice.chance(0.6):
                    person.email = self.mailbox(person.country, person.given, person.birth_family, person.born.year)
                return

    def person(self, home: Household, gender: str, family: str, year: int) -> Person:
        dice, rates, country = self.dice, self.rates, home.country
        given = country.given(dice, gender)
        new_phone, new_email = dice.chance(rates.phone_changed), dice.chance(rates.email_changed)
        area = home.address.area_code
        person = Person(
            person_id=f"P{self._next:07d}",
            country=country,
            gender=gender,
            given=given,
            family=family,
            birth_family=None,
            married_at=0,
            born=date(year, 1, 1) + timedelta(days=int(dice.random() * 365)),
            household=home,
            mobile=draw_mobile(country, dice, area),
            old_mobile=draw_mobile(country, dice, area) if new_phone else None,
            phone_changed_at=self._recently() if new_phone else 0,
            email=self.mailbox(country, given, family, year),
            second_email=self.mailbox(country, given, family, year) if dice.chance(rates.second_mailbox) else None,
            old_email=self.mailbox(country, given, family, year) if new_email else None,
            email_changed_at=self._recently() if new_email else 0,
            has_own_email=home.shared_email is None or dice.chance(0.7),
            user_id=user_id(self._next) if dice.chance(0.40) else None,
            activity=min(6.0, dice.expovariate(1.0)) + 0.15,
            wants_marketing=dice.chance(0.72),
        )
        self._next += 1
        return person

    def _recently(self) -> int:
        return self.until - self.dice.between(10, 600) * DAY

    def _family_mailbox(self, country: Country, surname: str) -> str:
        word = {"DE": "familie", "GB": "the", "US": "the"}[country.code]
        name = _handle(surname)
        local = (
            f"{word}.{name}{self.dice.between(1, 999)}"
            if country.code == "DE"
            else f"{word}{name}s{self.dice.between(1, 999)}"
        )
        return f"{local}@{self.dice.pick(country.email_hosts)}"

    def mailbox(self, country: Country, given: str, family: str, year: int) -> str:
        """A private address that nobody else in this chunk has."""
        while True:
            address = f"{self._local(_handle(given), _handle(family), year)}@{self.dice.pick(country.email_hosts)}"
            if address not in self._mailboxes:
                self._mailboxes.add(address)
                return address

    def _local(self, given: str, family: str, year: int) -> str:
        dice = self.dice
        style = dice.random()
        if style < 0.12:
            return f"{given}.{family}"
        if style < 0.34:
            return f"{given}.{family}{dice.between(1, 9999)}"
        if style < 0.48:
            return f"{given[0]}.{family}{year % 100:02d}{dice.between(0, 99)}"
        if style < 0.62:
            return f"{given}{family[0]}{dice.between(10, 9999)}"
        if style < 0.72:
            return f"{family}.{given}{dice.between(1, 999)}"
        if style < 0.84:
            return f"{given}_{family}{year % 100:02d}{dice.between(0, 99)}"
        return f"{dice.pick(_HANDLES)}{dice.pick(_HANDLES)}{dice.between(10, 99999)}"


def user_id(index: int, account: int = 0) -> str:
    """The website's id of a person's first, second ... account: an odd factor permutes 2**40 values."""
    return f"usr_{((index * 8 + account) * 668_265_263_003 + 374_761_393) % 2**40:010x}"


def _handle(name: str) -> str:
    return "".join([letter for letter in plain_letters(name).lower() if letter.isalnum()])
