"""What one system believes of one person at one moment: the true values, chosen, aged, mistyped or lost on the way.

Shapes of the vendors are in sources/; the looks of errors in errors.py; their rates in rates.py.
"""

from dataclasses import dataclass, replace
from datetime import date

from seeds.demo import errors
from seeds.demo.chance import Dice
from seeds.demo.countries import Address
from seeds.demo.people import Person
from seeds.demo.rates import ErrorRates


@dataclass(frozen=True, slots=True)
class Habits:
    """How often a system holds each field at all, 0 to 1. nameless: it holds no name that tells a household apart."""

    email: float
    phone: float
    given: float
    family: float
    born: float = 0.0
    gender: float = 0.0
    address: float = 0.0
    international: float = 0.3
    nameless: bool = False


HABITS = {
    "hubspot": Habits(email=0.92, phone=0.50, given=0.97, family=0.96, born=0.05, gender=0.10, address=0.35),
    "form": Habits(email=0.97, phone=0.35, given=0.95, family=0.85, international=0.5),
    "shopify": Habits(email=0.96, phone=0.32, given=0.96, family=0.98, address=0.85, international=0.6),
    "pos": Habits(
        email=0.36, phone=0.58, given=1.0, family=1.0, born=0.72, gender=0.6, address=0.62, international=0.1
    ),
    "stripe": Habits(email=0.97, phone=0.15, given=0.95, family=0.95, address=0.45, international=0.8),
    "zendesk": Habits(email=0.95, phone=0.14, given=0.92, family=0.75, international=0.9),
    "segment": Habits(email=0.85, phone=0.10, given=0.75, family=0.55, international=0.8),
    "klaviyo": Habits(email=0.99, phone=0.12, given=0.70, family=0.15, international=1.0),
    "preferences": Habits(email=0.90, phone=0.30, given=0.0, family=0.0, international=0.7, nameless=True),
}


@dataclass(slots=True)
class Impression:
    """Empty text is a field that the system does not hold."""

    given: str
    family: str
    email: str
    phone: str
    born: date | None
    gender: str
    address: Address | None

    @property
    def full_name(self) -> str:
        return f"{self.given} {self.family}".strip()


class Observer:
    """Sees people through the eyes of a system, with that system's habits."""

    def __init__(self, dice: Dice, rates: ErrorRates):
        self.dice, self.rates = dice, rates

    def see(self, person: Person, source: str, at: int, business: bool = False) -> Impression:
        habits, dice, rates = HABITS[source], self.dice, self.rates
        given, family = self._names(person, at)
        seen = Impression(
            given=given if dice.chance(habits.given) else "",
            family=family if dice.chance(habits.family) else "",
            email=self._email(person, at, business, habits) if dice.chance(habits.email) else "",
            phone=self._phone(person, at, business, habits) if dice.chance(habits.phone) else "",
            born=self._born(person) if dice.chance(habits.born) else None,
            gender=person.gender if dice.chance(habits.gender) else "",
            address=self._address(person, at, business) if dice.chance(habits.address) else None,
        )
        if not (seen.email or seen.phone or seen.address or seen.born):
            seen.email = self._email(person, at, business, habits)
        return self._lose(seen) if dice.chance(rates.missing) else seen

    def see_again(self, seen: Impression, person: Person, source: str, at: int, business: bool = False) -> Impression:
        """The same record after somebody corrected it: what has changed in life reaches it."""
        again = replace(seen)
        habits = HABITS[source]
        if seen.address:
            again.address = self._address(person, at, business)
        if seen.phone or self.dice.chance(0.5):
            again.phone = self._phone(person, at, business, habits)
        if person.birth_family and at >= person.married_at and seen.family:
            again.family = person.family
        return again

    def _lose(self, seen: Impression) -> Impression:
        field = self.dice.pick(["given", "phone", "gender", "family"])
        return replace(seen, **{field: ""})

    def _names(self, person: Person, at: int) -> tuple[str, str]:
        dice, rates = self.dice, self.rates
        given = person.given
        family = person.birth_family if person.birth_family and at < person.married_at else person.family
        short = person.country.nicknames.get(given)
        if short and dice.chance(rates.nickname):
            given = dice.pick(short)
        elif dice.chance(rates.initial_only):
            given = given[0] + "."
        if not (given.isascii() and family.isascii()) and dice.chance(rates.plain_letters):
            given, family = errors.old_letters(given, dice), errors.old_letters(family, dice)
        if dice.chance(rates.typo):
            given = errors.slip(given, dice)
        if dice.chance(rates.typo):
            family = errors.slip(family, dice)
        if dice.chance(rates.letter_case):
            given, family = errors.other_case(given, dice), errors.other_case(family, dice)
        return (family, given) if dice.chance(rates.swapped_names) else (given, family)

    def _email(self, person: Person, at: int, business: bool, habits: Habits) -> str:
        dice, rates = self.dice, self.rates
        if dice.chance(rates.junk_email):
            return dice.pick(errors.JUNK_EMAILS)
        address = self._mailbox(person, at, business, habits.nameless)
        if dice.chance(rates.email_typo):
            return errors.slipped_email(address, dice)
        return address.upper() if dice.chance(rates.letter_case * 0.3) else address

    def _mailbox(self, person: Person, at: int, business: bool, nameless: bool) -> str:
        dice, rates, home = self.dice, self.rates, person.household
        if business and person.company and person.work_email:
            return person.company.inbox if not nameless and dice.chance(rates.company_inbox) else person.work_email
        if home.shared_email and (not nameless or person is home.members[0]):
            if not person.has_own_email or dice.chance(rates.shared_email_use):
                return home.shared_email
        elif len(home.members) > 1 and not nameless and dice.chance(rates.partner_email):
            return dice.pick([member for member in home.members if member is not person]).email
        if person.work_email and dice.chance(rates.work_email):
            return person.work_email
        if person.old_email and at < person.email_changed_at:
            return person.old_email
        return person.second_email if person.second_email and dice.chance(0.4) else person.email

    def _phone(self, person: Person, at: int, business: bool, habits: Habits) -> str:
        dice, rates, home = self.dice, self.rates, person.household
        if dice.chance(rates.junk_phone):
            return dice.pick(errors.JUNK_PHONES)
        if business and person.company and dice.chance(rates.switchboard):
            digits = person.company.phone
        elif not business and home.shared_phone and not habits.nameless and dice.chance(rates.shared_phone_use):
            digits = home.shared_phone
        else:
            digits = person.old_mobile if person.old_mobile and at < person.phone_changed_at else person.mobile
        return errors.written_phone(digits, person.country, dice, habits.international)

    def _born(self, person: Person) -> date:
        dice, rates = self.dice, self.rates
        if dice.chance(rates.birth_date_default):
            return dice.pick([date(1900, 1, 1), date(1970, 1, 1)])
        return errors.slipped_birth_date(person.born, dice) if dice.chance(rates.birth_date_slip) else person.born

    def _address(self, person: Person, at: int, business: bool) -> Address:
        dice, rates, home = self.dice, self.rates, person.household
        if business and person.company:
            address = person.company.address
        else:
            address = home.old_address if home.old_address and at < home.moved_at else home.address
        if dice.chance(rates.address_abbreviated):
            address = errors.abbreviated(address, dice)
        return errors.misspelt(address, dice) if dice.chance(rates.address_typo) else address
