"""The two stories that test the whole platform, told with people and companies whose names and roles never change.

The support story: an urgent ticket about a broken workflow, and what led up to it. The account story: a healthy account
whose use of the product falls. Both are free of the errors of rates.py; truth/stories.json lists who takes part.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from seeds.demo.cast import ACCOUNT_CAST, SUPPORT_CAST
from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, HOUR, iso
from seeds.demo.impressions import Impression, Observer
from seeds.demo.people import Company, Person
from seeds.demo.rates import ErrorRates
from seeds.demo.sources.hubspot import owner_id
from seeds.demo.sources.segment import Device, Visit
from seeds.demo.sources.stripe import Contract, Payer
from seeds.demo.words import commerce

if TYPE_CHECKING:
    from seeds.demo.make import Systems

NO_ERRORS = ErrorRates(**{rate.name: 0.0 for rate in fields(ErrorRates)})
TEAM, BUSINESS = 1, 2  # of commerce.PLANS
CAMPAIGN = commerce.CAMPAIGNS[-1]
AT_WORK = (
    "desktop",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
)
DAYS_OFF = (0, 1)  # two days of seven, counted back from the end so that no count depends on the date


class ClearView(Observer):
    """Sees everything as it is."""

    def see(self, person: Person, source: str, at: int, business: bool = False) -> Impression:
        place = person.company.address if person.company else person.household.address
        phone = f"+{person.country.dial}{person.mobile}"
        return Impression(
            person.given, person.family, person.work_email or person.email, phone, person.born, person.gender, place
        )


@dataclass
class Part:
    """One person of a story: their records, and the devices and ids that the telling needs."""

    person: Person
    device: Device
    zendesk_user: int
    organization: int | None
    klaviyo_profile: str


@dataclass
class Play:
    """One story: its company, who pays, and its people by role."""

    company: Company
    payer: Payer
    parts: dict[str, Part]


class Stories:
    def __init__(self, chunk: Chunk, systems: "Systems"):
        self.chunk, self.systems, self.until = chunk, systems, chunk.until

    def tell(self, support: Company, account: Company) -> dict:
        """Write all records and events of both stories; gives what truth/stories.json says of them."""
        with self._undisturbed():
            return {"until": iso(self.until), "support": self._support(support), "account": self._account(account)}

    @contextmanager
    def _undisturbed(self) -> Iterator[None]:
        chunk = self.chunk
        usual = chunk.observer, chunk.rates
        chunk.observer, chunk.rates = ClearView(chunk.dice, NO_ERRORS), NO_ERRORS
        yield
        chunk.observer, chunk.rates = usual

    # --- the support story
    def _support(self, company: Company) -> dict:
        play = self._enter(company, SUPPORT_CAST, BUSINESS, quantity=14)
        requester, until = play.parts["requester"], self.until
        for part in play.parts.values():
            self._use(part, first_day=62, last_day=3, runs_a_day=4)
        timeline = [self._billing_step(play), self._product_change(requester)]
        timeline += [self._message(requester), self._usage_drop(requester)]
        asked_at = until - 3 * HOUR
        subject, description = (
            "Workflow stopped",
            "Since the new approvals our approval workflow stops at step three. Nothing leaves the house.",
        )
        ticket = self.systems.zendesk.ticket(
            requester.zendesk_user, requester.organization, asked_at, subject, description, "urgent", is_open=True
        )
        timeline.append({"at": iso(asked_at), "what": "ticket", "ticket": f"zendesk:{ticket}"})
        self.systems.preferences.subscriber(requester.person, business=True, opted_in=True)
        return self._summary(play) | {
            "ticket": f"zendesk:{ticket}",
            "feature": "approvals",
            "campaign": CAMPAIGN[0],
            "timeline": sorted(timeline, key=lambda step: step["at"]),
        }

    def _billing_step(self, play: Play) -> dict:
        at = self.until - 5 * DAY + 10 * HOUR
        _, title, cents = commerce.PLANS[BUSINESS]
        invoice = self.systems.stripe.invoice(play.payer, at, cents * 4, f"{title}: four more seats", paid=True)
        return {"at": iso(at), "what": "billing step", "invoice": f"stripe:{invoice}"}

    def _product_change(self, part: Part) -> dict:
        at = self.until - 52 * HOUR
        self.systems.segment.track(self._visit(part, at), "Feature Changed", '"feature":"approvals","release":"5.2.0"')
        return {"at": iso(at), "what": "product change", "feature": "approvals", "event": "Feature Changed"}

    def _message(self, part: Part) -> dict:
        at = self.until - 26 * HOUR
        for metric, moment in (("Received Email", at), ("Opened Email", at + 2400), ("Clicked Email", at + 2460)):
            self.systems.klaviyo.event(part.klaviyo_profile, metric, moment, CAMPAIGN)
        return {"at": iso(at), "what": "message received", "campaign": CAMPAIGN[0]}

    def _usage_drop(self, part: Part) -> dict:
        """From four runs a day to two that fail, and then none."""
        at = self.until - 49 * HOUR
        for hours in (0, 1):
            visit = self._visit(part, at + hours * HOUR)
            self.systems.segment.track(visit, "Workflow Run", '"workflow_id":"wf_4711","status":"failed"')
        return {"at": iso(at), "what": "usage drop", "event": "Workflow Run"}

    # --- the account story
    def _account(self, company: Company) -> dict:
        play = self._enter(company, ACCOUNT_CAST, TEAM, quantity=12)
        for part in play.parts.values():
            self._use(part, first_day=62, last_day=22, runs_a_day=3)
        self._use(play.parts["champion"], first_day=20, last_day=8, runs_a_day=1)
        zendesk, hubspot = self.systems.zendesk, self.systems.hubspot
        tickets = []
        for role, days_ago, number, is_open in (
            ("administrator", 16, 4, False),
            ("champion", 9, 7, False),
            ("champion", 4, 11, True),
        ):
            part, (subject, description) = play.parts[role], commerce.TICKET_SUBJECTS[number]
            at = self.until - days_ago * DAY + 10 * HOUR
            ticket = zendesk.ticket(part.zendesk_user, part.organization, at, subject, description, "high", is_open)
            tickets.append(f"zendesk:{ticket}")
        hubspot.engagement(
            "NOTE",
            self.until - 70 * DAY,
            None,
            hubspot.company_id[company.company_id],
            company.owner,
            body="Very happy; wants the reports for all clinics.",
        )
        hubspot.deal(company)
        return self._summary(play) | {
            "owner": f"hubspot:{owner_id(company.owner)}",
            "tickets": tickets,
            "healthy_until": iso(self.until - 22 * DAY),
        }

    # --- what both share
    def _enter(self, company: Company, cast: list[tuple], plan: int, quantity: int) -> Play:
        """Write the company, its people's records in every system, and the subscription of the first of them."""
        systems = self.systems
        systems.hubspot.company(company)
        systems.zendesk.organization(company)
        roles = [role for role, *_ in cast]
        parts = {role: self._appear(person) for role, person in zip(roles, company.buyers, strict=True)}
        contract = Contract(self.until - 400 * DAY, plan, quantity)
        payer = systems.stripe.customer(company.buyers[0], business=True, contract=contract)
        return Play(company, payer, parts)

    def _appear(self, person: Person) -> Part:
        systems = self.systems
        systems.hubspot.contact(person, business=True)
        user, organization = systems.zendesk.user(person, business=True, tickets=False)
        profile = systems.klaviyo.profile(person, business=True, messages=False)
        device = systems.segment.device(person.country, agent=AT_WORK)
        part = Part(person, device, user, organization, profile)
        self._sign_up(part)
        return part

    def _sign_up(self, part: Part) -> None:
        segment, person = self.systems.segment, part.person
        visit = self._visit(part, self.until - 62 * DAY + 9 * HOUR)
        seen = self.chunk.observer.see(person, "segment", visit.at)
        self.chunk.record(f"segment:{person.user_id}", person)
        segment.owned(part.device, person)
        segment.identify(visit, person, seen, person.company.created_at if person.company else visit.at)
        segment.group(visit, person)

    def _use(self, part: Part, first_day: int, last_day: int, runs_a_day: int) -> None:
        """Product use on five days of seven from first_day to last_day, both in days before the end."""
        dice, segment = self.chunk.dice, self.systems.segment
        for days_ago in range(first_day, last_day - 1, -1):
            morning = self.until - days_ago * DAY + 8 * HOUR
            if days_ago % 7 in DAYS_OFF:
                continue
            visit = self._visit(part, morning + dice.between(0, 1800))
            segment.track(visit, "Signed In", '"method":"sso"')
            for _ in range(runs_a_day):
                visit.at += dice.between(600, 3600)
                segment.track(visit, "Workflow Run", '"workflow_id":"wf_4711","status":"succeeded"')
            segment.track(visit, "Feature Used", '"feature":"approvals"')

    def _visit(self, part: Part, at: int) -> Visit:
        return Visit(part.device, f'"userId":"{part.person.user_id}",', at)

    def _summary(self, play: Play) -> dict:
        company, systems, given_out = play.company, self.systems, self.chunk.given_out
        return {
            "company": {
                "company_id": company.company_id,
                "name": company.name,
                "hubspot": f"hubspot:{systems.hubspot.company_id[company.company_id]}",
                "zendesk": f"zendesk:{systems.zendesk.organization_id[company.company_id]}",
                "segment": f"segment:{company.group_id}",
            },
            "people": {
                role: {
                    "person_id": part.person.person_id,
                    "name": f"{part.person.given} {part.person.family}",
                    "email": part.person.work_email,
                    "records": given_out[part.person],
                    "device": f"segment:anonymous:{part.device.anonymous_id}",
                }
                for role, part in play.parts.items()
            },
            "subscription": f"stripe:{play.payer.subscription}",
        }
