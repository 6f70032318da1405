"""The preference centre: every choice that somebody made, as one line of CSV."""

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, plain
from seeds.demo.people import Person
from seeds.demo.sources.hubspot import street_line
from seeds.demo.sources.pos import csv_line

CHOICES_HEADER = (
    "choice_id,subscriber_id,email,phone,postal_address,channel,purpose,status,changed_at,"
    "source_page,policy_version,legal_basis,locale"
)
CHANNELS = ["email", "email", "email", "sms", "phone", "ads", "in_app", "post"]
PURPOSES = ["marketing", "marketing", "service", "analytics", "personalisation"]
PAGES = ["/preferences", "/preferences", "/checkout", "/account", "/unsubscribe"]


class Preferences:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.subscribers, self.choices = chunk.numbers(4_000_001), chunk.numbers(80_000_001)

    def subscriber(self, person: Person, business: bool, opted_in: bool | None = None) -> str:
        chunk, dice = self.chunk, self.dice
        key, at = f"sub-{self.subscribers.take()}", chunk.some_time()
        chunk.record(f"preferences:{key}", person)
        seen = chunk.observer.see(person, "preferences", at, business)
        if opted_in is not None:
            self._choice(key, seen.email, seen.phone, "email", "marketing", opted_in, at, person)
            return key
        for _ in range(dice.pick([1, 2, 2, 3])):
            wants = person.wants_marketing if dice.chance(0.85) else not person.wants_marketing
            self._choice(key, seen.email, seen.phone, dice.pick(CHANNELS), dice.pick(PURPOSES), wants, at, person)
            at = min(chunk.until - 60, at + dice.between(1, 90) * DAY)
        return key

    def _choice(
        self, key: str, email: str, phone: str, channel: str, purpose: str, wants: bool, at: int, person: Person
    ) -> None:
        line = csv_line(
            [
                f"ch-{self.choices.take()}",
                key,
                email,
                phone,
                _address_line(person, at) if channel == "post" else "",
                channel,
                purpose,
                "opt_in" if wants else "opt_out",
                plain(at),
                self.dice.pick(PAGES),
                "2026-03" if at > self.chunk.until - 200 * DAY else "2025-01",
                "consent" if purpose != "service" else "contract",
                person.country.locale,
            ]
        )
        self.chunk.delivery.event("preferences", "choices", at, line)


def _address_line(person: Person, at: int) -> str:
    home = person.household
    place = home.old_address if home.old_address and at < home.moved_at else home.address
    return f"{street_line(place.street, place.house, home.country)}, {place.postcode}, {home.country.name}"
