"""The calls of a tracking library, as Segment's raw data files have them: gzip JSON lines by the hour.

The hottest code of the generator: a line is one template, and a device's context is written once. Who visits, and what
they do there, is in segment.py.
"""

from dataclasses import dataclass

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, HOUR, iso_millis
from seeds.demo.countries import Country
from seeds.demo.delivery import EVENT_DAYS
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.sources.banner import answers
from seeds.demo.words import commerce
from seeds.demo.words.web import AGENTS, SITE


@dataclass(slots=True)
class Device:
    anonymous_id: str
    channel: str
    context: str  # JSON members of the context that stay the same
    consent: tuple[str, str, int] = ("", "", 0)  # what the banner was told: before and from a moment on


@dataclass(slots=True)
class Visit:
    """One visit. user: who is signed in, as a JSON member with its comma, or nothing. at: the moment it has reached."""

    device: Device
    user: str
    at: int
    campaign: str = ""
    search: str = ""
    referrer: str = ""


class Tracker:
    """Writes calls into the files of the hour that they were received in; count: how many so far."""

    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.start = chunk.until - EVENT_DAYS * DAY
        self.count = 0

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
        page = (
            f'"page":{{"url":"{SITE}{path}{visit.search}","path":"{path}","referrer":"{visit.referrer}",'
            f'"title":"{title}","search":"{visit.search}"}}'
        )
        before, after, changes_at = device.consent
        consent = before if at < changes_at else after
        line = (
            f'{{"messageId":"ajs-next-{dice.getrandbits(128):032x}","type":"{kind}",{extra}{visit.user}"anonymousId":"{device.anonymous_id}",'
            f'"timestamp":"{moment}","originalTimestamp":"{moment}","sentAt":"{arrived}","receivedAt":"{arrived}","channel":"{device.channel}","version":2,'
            f'"context":{{{device.context}{consent}{visit.campaign}{page}}},"properties":{{{properties}}},"traits":{{{traits}}},"integrations":{{}}}}'
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
            f'"ip":"{dice.between(11, 210)}.{dice.between(0, 255)}.{dice.between(0, 255)}.{dice.between(1, 254)}",'
            f'"userAgent":"{browser}",'
            f'"locale":"{country.locale}","timezone":"{country.timezone}","device":{{"type":"{kind}"}},{library}'
        )
        device_id = anonymous_id or dice.uuid()
        consent = ("", "", 0) if agent else answers(device_id, self.start, self.chunk.rates)  # no robot minds a banner
        return Device(device_id, "mobile" if mobile_app else "web", context, consent)

    def _product(self, number: int) -> str:
        sku, title, price = commerce.PRODUCTS[number]
        return f'"product_id":"{8_800_000_000 + number * 11}","sku":"{sku}","name":"{title}","price":{price}'
