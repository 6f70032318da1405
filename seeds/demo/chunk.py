"""What the writers of one chunk of people share: chance, time, files, the truth, and ids given out."""

from dataclasses import dataclass, field

from seeds.demo.chance import Dice, Numbers
from seeds.demo.clock import DAY
from seeds.demo.delivery import Delivery
from seeds.demo.impressions import Observer
from seeds.demo.people import Person
from seeds.demo.population import HISTORY_DAYS, Population
from seeds.demo.rates import ErrorRates


@dataclass
class Truth:
    """Who each record really is. A device that never said who it belongs to is its own visitor, V…; a robot is B…."""

    records: list[tuple[str, str]] = field(default_factory=list)
    accounts: list[tuple[str, str]] = field(default_factory=list)
    households: dict[str, str] = field(default_factory=dict)

    def record(self, record_id: str, person_id: str) -> None:
        self.records.append((record_id, person_id))

    def account(self, account_record_id: str, company_id: str) -> None:
        self.accounts.append((account_record_id, company_id))

    def lives(self, person: Person) -> None:
        """Who lives together now; a household is named after the first of its people."""
        first = next(iter(person.household.members), person)
        self.households[person.person_id] = f"H{first.person_id[1:]}"


@dataclass
class Chunk:
    number: int
    dice: Dice
    rates: ErrorRates
    until: int
    population: Population
    delivery: Delivery
    observer: Observer
    truth: Truth = field(default_factory=Truth)
    seen_devices: set[str] = field(default_factory=set)
    seen_groups: set[tuple[str, str]] = field(default_factory=set)
    given_out: dict[Person, list[str]] = field(default_factory=dict)
    arrivals: list[tuple[int, str, str]] = field(default_factory=list)  # by campaign: moment, name, click

    def numbers(self, start: int, step: int = 7) -> Numbers:
        return Numbers(self.dice, self.number, start, step=step)

    def record(self, record_id: str, person: Person) -> None:
        """Note in the truth that this record is this person."""
        self.truth.record(record_id, person.person_id)
        self.truth.lives(person)
        self.given_out.setdefault(person, []).append(record_id)

    def some_time(self) -> int:
        """A moment in the company's history, the recent past likelier."""
        return self.until - 3600 - int(self.dice.random() ** 1.6 * HISTORY_DAYS * DAY)

    def later(self, at: int) -> int:
        """A moment between then and now, in the weeks that the exports show where that is possible."""
        start = max(at, self.until - 27 * DAY)
        return start + 60 + int(self.dice.random() * max(60, self.until - start - 120))
