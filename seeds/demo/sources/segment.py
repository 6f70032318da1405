"""Segment: what happened on the website and in the app, as its raw data files have it: gzip JSON lines by the hour.

The hottest code of the generator: lines are templates, and a device's context is written once per visit.
"""

from dataclasses import dataclass

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, HOUR, iso_millis
from seeds.demo.countries import MARKETS, Country
from seeds.demo.delivery import EVENT_DAYS
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.population import user_id
from seeds.demo.words import commerce

SITE = "https://www.fernhill.io"
AGENTS = [
    (
        "desktop",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    (
        "mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    ),
    (
        "desktop",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    ),
    (
        "mobile",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    ),
    (
        "tablet",
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/604.1",
    ),
    ("desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"),
]
BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "python-requests/2.32.3",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
]
PAGES = [
    ("/", "Fernhill"),
    ("/collections/desk", "Desks and lamps"),
    ("/collections/labels", "Labels"),
    ("/stores", "Stores"),
    ("/flows", "Fernhill Flows"),
    ("/blog/paperless", "A paperless week"),
    ("/pricing", "Pricing"),
    ("/help", "Help"),
]
CAMPAIGNS = [
    ("google", "cpc", "desks-autumn", "gclid"),
    ("google", "cpc", "labels", "gclid"),
    ("facebook", "paid_social", "flows-launch", "fbclid"),
    ("klaviyo", "email", "weekly", ""),
    ("linkedin", "paid_social", "flows-teams", ""),
]
REFERRERS = [
    "https://www.google.com/",
    "https://duckduckgo.com/",
    "https://www.bing.com/",
    "https://news.ycombinator.com/",
    "",
]
_HOURS = [7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 20, 21, 21, 22]


@dataclass(slots=True)
class Device:
    anonymous_id: str
    channel: str
    context: str  # JSON members of the context that stay the same


@dataclass(slots=True)
class Visit:
    """One visit: its device, who is signed in (JSON members with a trailing comma, or nothing), and the moment it has reached."""

    device: Device
    user: str
    at: int
    campaign: str = ""
    search: str = ""
    referrer: str = ""


class Segment:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.start = chunk.until - EVENT_DAYS * DAY
        self.count = 0

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
                self._owned(device, person)
                continue
            self._known_visit(person, user, device, at, seen, number, identified, known_at)
        for at, order, total in orders:
            if at > max(self.start, known_at) and dice.chance(0.8):
                self.purchase(devices[0], f'"userId":"{user}",', at, order, total, person)
                self._owned(devices[0], person)

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
        self._owned(device, person)
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
            self._owned(device, person)
        else:
            self.chunk.truth.record(f"segment:anonymous:{device.anonymous_id}", f"V{person.person_id[1:]}")

    def _owned(self, device: Device, person: Person) -> None:
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
            visit.campaign = f'"campaign":{{"source":"{source}","medium":"{medium}","name":"{name}"}},'
            visit.search = f"?utm_source={source}&utm_medium={medium}&utm_campaign={name}" + (
                f"&{click}={dice.hexadecimal(16)}" if click else ""
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

    # --- calls
    def page(self, visit: Visit, path: str, title: str) -> None:
        self._emit("page", visit, "", f'"path":"{path}","title":"{title}"', "", path, title)

    def track(self, visit: Visit, event: str, properties: str) -> None:
        self._emit(
            "track",
            visit,
            f'"event":"{event}",',
            properties,
            "",
            "/app" if event in ("Feature Used", "Workflow Run") else "/",
        )

    def identify(self, visit: Visit, person: Person, seen: Impression, since: int) -> None:
        traits = [
            ("email", seen.email),
            ("phone", seen.phone),
            ("firstName", seen.given),
            ("lastName", seen.family),
            ("company", person.company.name if person.company else ""),
            ("createdAt", iso_millis(since)),
        ]
        self._emit("identify", visit, "", "", ",".join(f'"{name}":"{value}"' for name, value in traits if value))

    def group(self, visit: Visit, person: Person) -> None:
        company = person.company
        if company:
            self.chunk.seen_groups.add((company.group_id, company.company_id))
            self._emit(
                "group",
                visit,
                f'"groupId":"{company.group_id}",',
                "",
                f'"name":"{company.name}","industry":"{company.industry}","employees":{company.headcount}',
            )

    def alias(self, visit: Visit, previous: str) -> None:
        self._emit("alias", visit, f'"previousId":"{previous}",', "", "")

    def _emit(
        self,
        kind: str,
        visit: Visit,
        extra: str,
        properties: str,
        traits: str,
        path: str = "/",
        title: str = "Fernhill",
    ) -> None:
        dice, device, at = self.dice, visit.device, visit.at
        chance = dice.random()
        received = at + 1 if chance > self.chunk.rates.late_event else at + 1 + int(chance * 4_000_000)
        if received >= self.chunk.until:
            received = self.chunk.until - 1
        if at > received:
            return
        millis = int(chance * 1000)
        moment, arrived = iso_millis(at, millis), iso_millis(received, millis)
        page = f'"page":{{"url":"{SITE}{path}{visit.search}","path":"{path}","referrer":"{visit.referrer}","title":"{title}","search":"{visit.search}"}}'
        line = (
            f'{{"messageId":"ajs-next-{dice.getrandbits(128):032x}","type":"{kind}",{extra}{visit.user}"anonymousId":"{device.anonymous_id}",'
            f'"timestamp":"{moment}","originalTimestamp":"{moment}","sentAt":"{arrived}","receivedAt":"{arrived}","channel":"{device.channel}","version":2,'
            f'"context":{{{device.context}{visit.campaign}{page}}},"properties":{{{properties}}},"traits":{{{traits}}},"integrations":{{}}}}'
        )
        self.count += 1
        self.chunk.delivery.stream(received, line)
        if millis == 7 and dice.chance(self.chunk.rates.redelivered_event * 1000):
            self.chunk.delivery.stream(min(received + HOUR, self.chunk.until - 1), line)

    def device(self, country: Country, anonymous_id: str | None = None, agent: tuple[str, str] | None = None) -> Device:
        dice = self.dice
        kind, browser = agent or dice.pick(AGENTS)
        mobile_app = agent is None and kind == "mobile" and dice.chance(0.4)
        library = (
            '"library":{"name":"analytics-ios","version":"4.1.8"},"app":{"name":"Fernhill","version":"5.2.0"},'
            if mobile_app
            else '"library":{"name":"analytics.js","version":"2.11.1"},'
        )
        context = (
            f'"ip":"{dice.between(11, 210)}.{dice.between(0, 255)}.{dice.between(0, 255)}.{dice.between(1, 254)}","userAgent":"{browser}",'
            f'"locale":"{country.locale}","timezone":"{country.timezone}","device":{{"type":"{kind}"}},{library}'
        )
        return Device(anonymous_id or dice.uuid(), "mobile" if mobile_app else "web", context)

    def _product(self, number: int) -> str:
        sku, title, price = commerce.PRODUCTS[number]
        return f'"product_id":"{8_800_000_000 + number * 11}","sku":"{sku}","name":"{title}","price":{price}'
