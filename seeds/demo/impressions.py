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
    """How often a system holds each field at all, 0 to 1."""

    email: float
    phone: float
    given: float
    family: float
    born: float = 0.0
    gender: float = 0.0
    address: float = 0.0
    international: float = 0.3


HABITS = {
    "hubspot": Habits(email=0.92, phone=0.50, given=0.97, family=0.96, born=0.05, gender=0.10, address=0.35),
    "form": Habits(email=0.97, phone=0.35, given=0.95, family=0.85, international=0.5),
    "shopify": Habits(email=0.96, phone=0.42, given=0.96, family=0.98, address=0.85, international=0.6),
    "pos": Habits(
        email=0.42, phone=0.64, given=1.0, family=1.0, born=0.72, gender=0.6, address=0.62, international=0.1
    ),
    "stripe": Habits(email=0.97, phone=0.15, given=0.95, family=0.95, address=0.45, international=0.8),
    "zendesk": Habits(email=0.95, phone=0.22, given=0.94, family=0.86, international=0.9),
    "segment": Habits(email=0.93, phone=0.16, given=0.86, family=0.74, international=0.8),
    "klaviyo": Habits(email=0.99, phone=0.16, given=0.78, family=0.25, international=1.0),
    "preferences": Habits(email=0.90, phone=0.30, given=0.0, family=0.0, international=0.7),
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
    """Sees people through the eyes of a system, with its habits; remembers what each person has told anybody."""

    def __init__(self, dice: Dice, rates: ErrorRates):
        self.dice, self.rates = dice, rates
        self._told: dict[Person, set[tuple[str, str]]] = {}

    def see(self, person: Person, source: str, at: int, business: bool = False) -> Impression:
        habits, dice = HABITS[source], self.dice
        given, family = self._names(person, at)
        given = given if dice.chance(habits.given) else ""
        nameless = not given
        seen = Impression(
            given=given,
            family=family if dice.chance(habits.family) else "",
            email=self._mailbox(person, at, business, nameless) if dice.chance(habits.email) else "",
            phone=self._number(person, at, business, nameless) if dice.chance(habits.phone) else "",
            born=person.born if dice.chance(habits.born) else None,
            gender=person.gender if dice.chance(habits.gender) else "",
            address=self._home(person, at, business) if dice.chance(habits.address) else None,
        )
        if not (seen.email or seen.phone or seen.address or seen.born):
            seen.email = self._mailbox(person, at, business, nameless)
        self._leave_evidence(person, seen, habits)
        return self._blur(seen, person, habits)

    def _leave_evidence(self, person: Person, seen: Impression, habits: Habits) -> None:
        """People seldom become strangers: a further record nearly always repeats something told before."""
        dice = self.dice
        told = self._told.setdefault(person, set())
        telling = _points(seen)
        if told and not telling & told and not dice.chance(self.rates.stranger):
            known = sorted(point for point in told if point[0] == "email" or (point[0] == "phone" and habits.phone))
            if known:
                kind, value = dice.pick(known)
                setattr(seen, kind, value)
        told |= _points(seen)

    def _blur(self, seen: Impression, person: Person, habits: Habits) -> Impression:
        """Errors on the way in: junk, slips, notations, lost fields."""
        dice, rates = self.dice, self.rates
        seen.email = self._typed_email(seen.email) if seen.email else ""
        seen.phone = self._typed_phone(seen.phone, person, habits) if seen.phone else ""
        seen.born = self._typed_birth_date(seen.born) if seen.born else None
        seen.address = self._typed_address(seen.address) if seen.address else None
        return self._lose(seen) if dice.chance(rates.missing) else seen

    def see_again(self, seen: Impression, person: Person, source: str, at: int, business: bool = False) -> Impression:
        """The same record after somebody corrected it: what has changed in life reaches it."""
        again = replace(seen)
        habits = HABITS[source]
        if seen.address:
            again.address = self._typed_address(self._home(person, at, business))
        if not seen.phone and self.dice.chance(0.4):
            again.phone = self._typed_phone(self._number(person, at, business, not seen.given), person, habits)
        if person.birth_family and at >= person.married_at and seen.family:
            again.family = person.family
        return again

    def _lose(self, seen: Impression) -> Impression:
        setattr(seen, self.dice.pick(["given", "phone", "gender", "family"]), "")
        return seen

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

    def _mailbox(self, person: Person, at: int, business: bool, nameless: bool) -> str:
        """nameless: nothing here tells a household apart, so what is shared stays with its first member."""
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

    def _number(self, person: Person, at: int, business: bool, nameless: bool) -> str:
        """A national significant number."""
        dice, rates, home = self.dice, self.rates, person.household
        if business and person.company and dice.chance(rates.switchboard):
            return person.company.phone
        if not business and home.shared_phone and not nameless and dice.chance(rates.shared_phone_use):
            return home.shared_phone
        return person.old_mobile if person.old_mobile and at < person.phone_changed_at else person.mobile

    def _home(self, person: Person, at: int, business: bool) -> Address:
        home = person.household
        if business and person.company:
            return person.company.address
        return home.old_address if home.old_address and at < home.moved_at else home.address

    def _typed_email(self, address: str) -> str:
        dice, rates = self.dice, self.rates
        if dice.chance(rates.junk_email):
            return dice.pick(errors.JUNK_EMAILS)
        if dice.chance(rates.email_typo):
            return errors.slipped_email(address, dice)
        return address.upper() if dice.chance(rates.letter_case * 0.3) else address

    def _typed_phone(self, digits: str, person: Person, habits: Habits) -> str:
        if self.dice.chance(self.rates.junk_phone):
            return self.dice.pick(errors.JUNK_PHONES)
        return errors.written_phone(digits, person.country, self.dice, habits.international)

    def _typed_birth_date(self, born: date) -> date:
        dice, rates = self.dice, self.rates
        if dice.chance(rates.birth_date_default):
            return dice.pick([date(1900, 1, 1), date(1970, 1, 1)])
        return errors.slipped_birth_date(born, dice) if dice.chance(rates.birth_date_slip) else born

    def _typed_address(self, address: Address) -> Address:
        dice, rates = self.dice, self.rates
        if dice.chance(rates.address_abbreviated):
            address = errors.abbreviated(address, dice)
        return errors.misspelt(address, dice) if dice.chance(rates.address_typo) else address


def _points(seen: Impression) -> set[tuple[str, str]]:
    """What could tie this record to another of the same person."""
    points = {("email", seen.email), ("phone", seen.phone)}
    if seen.given and seen.family:
        points.add(("address", seen.address.postcode if seen.address else ""))
        points.add(("born", seen.born.isoformat() if seen.born else ""))
    return {point for point in points if point[1]}
