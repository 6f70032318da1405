"""Segment: what happened on the website and in the app: who came, on which device, and what they did there.

How a call is written is in tracking.py.
"""

from seeds.demo.clock import DAY, HOUR
from seeds.demo.countries import MARKETS
from seeds.demo.delivery import EVENT_DAYS
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.population import user_id
from seeds.demo.sources.tracking import Device, Tracker, Visit
from seeds.demo.words import commerce
from seeds.demo.words.web import BOTS, CAMPAIGNS, PAGES, REFERRERS

_HOURS = [7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 21, 22]


class Segment(Tracker):
    # --- who comes
    def person(self, person: Person, orders: list[tuple[int, str, str]]) -> None:
        """All that one person does on their own devices, before and after they became known."""
        dice, rates = self.dice, self.chunk.rates
        devices = [self.device(person.country) for _ in range(1 + dice.chance(0.35))]
        if person.user_id is None:
            self._unknown(person, devices, orders)
            return
        shared = person.household.shared_device
        if shared:
            devices.append(self.device(person.country, shared))
        known_at = self.start + int(dice.random() * (EVENT_DAYS - 2) * DAY) if dice.chance(0.3) else 0
        self.account(person, person.user_id, devices, known_at, orders)
        if dice.chance(rates.duplicate * 0.6):
            self.account(person, user_id(int(person.person_id[1:]), account=1), devices[:1], 0, [], visits=1)

    def account(
        self,
        person: Person,
        user: str,
        devices: list[Device],
        known_at: int,
        orders: list[tuple[int, str, str]],
        visits: int = 0,
    ) -> None:
        """One account: identified once or more on every device used. known_at: when it signed up, 0 for long ago."""
        chunk, dice = self.chunk, self.dice
        business = person.company is not None
        chunk.record(f"segment:{user}", person)
        seen = chunk.observer.see(person, "segment", max(known_at, self.start), business and dice.chance(0.6))
        moments = self._moments(visits or self._visits_count(person), known_at)
        identified: set[str] = set()
        for number, at in enumerate(moments):
            device = dice.pick(devices) if number else devices[0]
            if at < known_at:
                self.browse(device, "", at, person)
                self.owned(device, person)
                continue
            self._known_visit(person, user, device, at, seen, number, identified, known_at)
        for at, order, total in orders:
            if at > max(self.start, known_at) and dice.chance(0.8):
                self.purchase(devices[0], f'"userId":"{user}",', at, order, total, person)
                self.owned(devices[0], person)

    def _known_visit(
        self,
        person: Person,
        user: str,
        device: Device,
        at: int,
        seen: Impression,
        number: int,
        identified: set[str],
        known_at: int,
    ) -> None:
        visit = Visit(device, f'"userId":"{user}",', at)
        self.owned(device, person)
        if device.anonymous_id not in identified:
            if known_at and not identified:
                self.track(visit, "Signed Up", '"plan":"free"')
                if device.channel == "mobile":
                    self.alias(visit, device.anonymous_id)
            self.identify(visit, person, seen, known_at or at)
            if person.company:
                self.group(visit, person)
            identified.add(device.anonymous_id)
        if person.company and self.dice.chance(0.75):
            self.product_use(visit, person)
        else:
            self.browse(device, visit.user, visit.at, person)

    def _unknown(self, person: Person, devices: list[Device], orders: list[tuple[int, str, str]]) -> None:
        dice, rates = self.dice, self.chunk.rates
        device = devices[0]
        for at in self._moments(1 + int(person.activity * 0.9), 0):
            self.browse(device, "", at, person)
        if dice.chance(rates.email_only_identify):
            visit = Visit(device, "", self.chunk.until - int(dice.random() * 50 * DAY) - 4000)
            self._emit("identify", visit, "", "", f'"email":"{person.email}"')
            self.owned(device, person)
        else:
            self.chunk.truth.record(f"segment:anonymous:{device.anonymous_id}", f"V{person.person_id[1:]}")

    def owned(self, device: Device, person: Person) -> None:
        """A device is its first owner's; the others of a household only use it."""
        record = f"segment:anonymous:{device.anonymous_id}"
        home = person.household
        owner = home.members[0] if device.anonymous_id == home.shared_device else person
        if record not in self.chunk.seen_devices:
            self.chunk.seen_devices.add(record)
            self.chunk.truth.record(record, owner.person_id)

    def visitors(self, count: int) -> None:
        """People whom nobody knows and nobody will."""
        dice = self.dice
        for number in range(count):
            country = dice.pick(MARKETS)
            device = self.device(country)
            self.chunk.truth.record(f"segment:anonymous:{device.anonymous_id}", f"V{self.chunk.number:04d}-{number}")
            self.browse(device, "", self._moments(1, 0)[0], None)

    def bots(self) -> None:
        """Robots read page after page; a share of all events, and never a person."""
        dice = self.dice
        wanted, number = int(self.count * self.chunk.rates.bot_share), 0
        until = self.count + wanted
        while self.count < until:
            device = self.device(dice.pick(MARKETS), agent=("desktop", dice.pick(BOTS)))
            self.chunk.truth.record(f"segment:anonymous:{device.anonymous_id}", f"B{self.chunk.number:04d}-{number}")
            number += 1
            visit = Visit(device, "", self._moments(1, 0)[0])
            for _ in range(dice.between(3, 14)):
                visit.at += dice.between(1, 3)
                self.page(visit, *dice.pick(PAGES))

    # --- visits
    def browse(self, device: Device, user: str, at: int, person: Person | None) -> None:
        dice = self.dice
        visit = self._arrive(Visit(device, user, at))
        if device.channel == "mobile":
            self._emit("screen", visit, "", '"name":"Home"', "")
        else:
            self.page(visit, *dice.pick(PAGES))
        for _ in range(dice.pick([0, 1, 1, 2, 3])):
            visit.at += dice.between(8, 240)
            number = int(dice.random() ** 1.4 * len(commerce.PRODUCTS))
            if dice.chance(0.5):
                self.page(visit, *dice.pick(PAGES))
            self.track(visit, "Product Viewed", self._product(number))
            if dice.chance(0.18):
                visit.at += dice.between(5, 90)
                self.track(visit, "Product Added", self._product(number) + ',"quantity":1')
                if dice.chance(0.5):
                    self.track(visit, "Cart Viewed", f'"cart_id":"{dice.hexadecimal(10)}"')
                    if dice.chance(0.4):
                        self.track(visit, "Checkout Started", f'"checkout_id":"{dice.hexadecimal(12)}"')

    def purchase(self, device: Device, user: str, at: int, order: str, total: str, person: Person) -> None:
        dice = self.dice
        visit = self._arrive(Visit(device, user, at - 400))
        number = int(dice.random() * len(commerce.PRODUCTS))
        self.track(visit, "Product Viewed", self._product(number))
        visit.at = at - 90
        self.track(visit, "Checkout Started", f'"order_id":"{order}"')
        visit.at = at
        self.track(
            visit, "Order Completed", f'"order_id":"{order}","total":{total},"currency":"{person.country.currency}"'
        )

    def product_use(self, visit: Visit, person: Person) -> None:
        dice = self.dice
        self.track(visit, "Signed In", '"method":"password"')
        for _ in range(dice.between(1, 5)):
            visit.at += dice.between(20, 900)
            if dice.chance(0.55):
                self.track(visit, "Feature Used", f'"feature":"{dice.pick(commerce.FEATURES)}"')
            else:
                self.track(
                    visit,
                    "Workflow Run",
                    f'"workflow_id":"wf_{dice.digits(4)}","status":"{"failed" if dice.chance(0.04) else "succeeded"}"',
                )
        if dice.chance(0.4):
            visit.at += dice.between(5, 60)
            self.track(visit, "Signed Out", "")

    def _arrive(self, visit: Visit) -> Visit:
        dice = self.dice
        if dice.chance(0.22):
            source, medium, name, click = dice.pick(CAMPAIGNS)
            click_id = dice.hexadecimal(16) if click else ""
            self.chunk.arrivals.append((visit.at, name, click_id))
            visit.campaign = f'"campaign":{{"source":"{source}","medium":"{medium}","name":"{name}"}},'
            visit.search = f"?utm_source={source}&utm_medium={medium}&utm_campaign={name}" + (
                f"&{click}={click_id}" if click else ""
            )
        else:
            visit.referrer = dice.pick(REFERRERS)
        return visit

    def _visits_count(self, person: Person) -> int:
        return 1 + int(person.activity * (5.4 if person.company else 3.6) * (0.5 + self.dice.random()))

    def _moments(self, count: int, known_at: int) -> list[int]:
        """Moments inside the window, in order, at waking hours; at least one after known_at."""
        dice, until = self.dice, self.chunk.until
        moments = [
            self.start + dice.between(0, EVENT_DAYS - 1) * DAY + dice.pick(_HOURS) * HOUR + dice.between(0, 3599)
            for _ in range(count)
        ]
        if known_at:
            moments.append(known_at + 5)
        return sorted(min(at, until - 2 * HOUR) for at in moments)
