"""HubSpot: contacts, companies, deals, owners, engagements, form fills, as in its CRM v3 exports (engagements: v1)."""

from dataclasses import replace

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, iso_millis
from seeds.demo.countries import COUNTRIES, Country
from seeds.demo.errors import written_phone
from seeds.demo.impressions import Impression
from seeds.demo.people import Company, Person
from seeds.demo.words import commerce

STAGES = ["subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer"]
STATUSES = ["NEW", "OPEN", "IN_PROGRESS", "CONNECTED", None]
GENDERS = {"m": ["male", "Male", "M"], "f": ["female", "Female", "F"]}


def owner_id(number: int) -> str:
    return str(51_204_310 + number * 1_117)


class Hubspot:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.contact_ids, self.company_ids = chunk.numbers(10_000_001), chunk.numbers(7_000_001)
        self.deal_ids, self.engagement_ids = chunk.numbers(300_000_001), chunk.numbers(40_000_000_001)
        self.company_id: dict[str, str] = {}
        self.contacts_of: dict[str, list[tuple[str, int]]] = {}

    # --- what exists once for the whole company
    def owners(self) -> None:
        first = self.chunk.until - 880 * DAY
        for number, (given, family) in enumerate(commerce.STAFF):
            owner = {
                "id": owner_id(number),
                "email": f"{given[0].lower()}.{family.lower()}@fernhill.io",
                "firstName": given,
                "lastName": family,
                "userId": 900_100 + number * 37,
                "createdAt": iso_millis(first + number * 9 * DAY),
                "updatedAt": iso_millis(first + number * 20 * DAY),
                "archived": False,
            }
            self.chunk.delivery.versions("hubspot", "owners", [(first, owner)])

    # --- companies
    def company(self, company: Company) -> str:
        dice, key = self.dice, str(self.company_ids.take())
        self.company_id[company.company_id] = key
        self.chunk.truth.account(f"hubspot:{key}", company.company_id)
        stage = "customer" if company.is_customer else dice.pick(STAGES)
        versions = [(company.created_at, self._company_object(key, company, stage, company.created_at))]
        if dice.chance(self.chunk.rates.update):
            at = self.chunk.later(company.created_at)
            versions.append((at, self._company_object(key, company, stage, at)))
        self.chunk.delivery.versions("hubspot", "companies", versions)
        return key

    def _company_object(self, key: str, company: Company, stage: str, at: int) -> dict:
        dice, place = self.dice, company.address
        fresh = dice.chance(0.8)
        properties = {
            "name": company.legal_name if fresh else company.name,
            "domain": company.domain,
            "industry": company.industry,
            "phone": written_phone(company.phone, company.country, dice),
            "address": street_line(place.street, place.house, company.country),
            "city": place.city,
            "state": place.region,
            "zip": place.postcode,
            "country": company.country.name,
            "numberofemployees": str(company.headcount),
            "annualrevenue": str(company.headcount * 90_000),
            "hubspot_owner_id": owner_id(company.owner),
            "lifecyclestage": stage,
            "createdate": iso_millis(company.created_at),
        }
        return {
            "id": key,
            "properties": properties,
            "createdAt": iso_millis(company.created_at),
            "updatedAt": iso_millis(at, 310),
            "archived": False,
        }

    def deal(self, company: Company) -> None:
        """Once the company's contacts are written: the deal names two of them."""
        dice, until = self.dice, self.chunk.until
        if not (company.is_customer or dice.chance(0.7)):
            return
        key, created = str(self.deal_ids.take()), max(company.created_at, until - dice.between(3, 400) * DAY)
        won, closed = company.is_customer, dice.chance(0.75) or company.is_customer
        close = min(until - 3600, created + dice.between(10, 90) * DAY) if closed else until + dice.between(5, 60) * DAY
        contacts = [
            {"id": contact, "type": "deal_to_contact"}
            for contact, _ in self.contacts_of.get(company.company_id, [])[:2]
        ]
        deal = {
            "id": key,
            "properties": {
                "dealname": f"{company.name}: Flows",
                "amount": f"{company.headcount * 29 * dice.between(6, 12):d}",
                "deal_currency_code": company.country.currency,
                "dealstage": "closedwon" if won else "closedlost" if closed else "presentationscheduled",
                "pipeline": "default",
                "closedate": iso_millis(close),
                "createdate": iso_millis(created),
                "hubspot_owner_id": owner_id(company.owner),
                "hs_is_closed": str(closed).lower(),
                "hs_is_closed_won": str(won).lower(),
            },
            "createdAt": iso_millis(created),
            "updatedAt": iso_millis(close if closed else created),
            "archived": False,
            "associations": {
                "companies": {"results": [{"id": self.company_id[company.company_id], "type": "deal_to_company"}]},
                **({"contacts": {"results": contacts}} if contacts else {}),
            },
        }
        self.chunk.delivery.versions("hubspot", "deals", [(close if closed else created, deal)])

    # --- contacts
    def contact(self, person: Person, business: bool) -> str:
        chunk, dice, rates = self.chunk, self.dice, self.chunk.rates
        key, created = str(self.contact_ids.take()), chunk.some_time()
        chunk.record(f"hubspot:{key}", person)
        if business and person.company:
            self.contacts_of.setdefault(person.company.company_id, []).append((key, created))
        seen = chunk.observer.see(person, "hubspot", created, business)
        fixed = self._fixed(person, business, seen, created)
        changes = [(created, seen, False)]
        if dice.chance(rates.correction) and seen.phone:
            changes += self._correction(person, seen, created)
        elif dice.chance(rates.update):
            at = chunk.later(created)
            changes.append((at, chunk.observer.see_again(seen, person, "hubspot", at, business), False))
        if dice.chance(rates.deletion):
            changes.append((max(changes[-1][0] + 60, chunk.until - dice.between(1, 6) * DAY), changes[-1][1], True))
        versions = [
            (at, self._contact_object(key, created, at, version, fixed, archived)) for at, version, archived in changes
        ]
        chunk.delivery.versions("hubspot", "contacts", versions)
        if dice.chance(0.5 if business else 0.15):
            self._engagement(person, key, created)
        return key

    def _correction(self, person: Person, seen: Impression, created: int) -> list[tuple[int, Impression, bool]]:
        until = self.chunk.until
        if created > until - 29 * DAY:
            return []
        wrong = replace(
            seen, phone=written_phone(person.household.shared_phone or person.mobile[::-1], person.country, self.dice)
        )
        return [(until - 17 * DAY, wrong, False), (until - 3 * DAY, seen, False)]

    def _fixed(self, person: Person, business: bool, seen: Impression, created: int) -> dict:
        dice = self.dice
        company = person.company if business else None
        extra = [
            address for address in (person.email, person.second_email) if address and address != seen.email.lower()
        ]
        return {
            "hs_additional_emails": ";".join(extra[:2]) if extra and dice.chance(0.30) else None,
            "mobilephone": written_phone(person.mobile, person.country, dice) if dice.chance(0.28) else None,
            "company": (company.name if dice.chance(0.7) else company.legal_name)
            if company and dice.chance(0.9)
            else None,
            "company_id": self.company_id.get(company.company_id) if company and dice.chance(0.92) else None,
            "jobtitle": person.job_title if company and dice.chance(0.7) else None,
            "lifecyclestage": dice.pick(STAGES),
            "hs_lead_status": dice.pick(STATUSES),
            "owner": owner_id(company.owner) if company else None,
            "optout": "false" if person.wants_marketing else "true",
            "country": person.country,
            "created": iso_millis(created),
            "gender": dice.pick(GENDERS[person.gender]),
            "born_style": dice.chance(0.7),
        }

    def _contact_object(self, key: str, created: int, at: int, seen: Impression, fixed: dict, archived: bool) -> dict:
        place, country = seen.address, fixed["country"]
        properties = {
            "email": seen.email or None,
            "hs_additional_emails": fixed["hs_additional_emails"],
            "firstname": seen.given or None,
            "lastname": seen.family or None,
            "phone": seen.phone or None,
            "mobilephone": fixed["mobilephone"],
            "date_of_birth": _birth_text(seen, country, fixed["born_style"]),
            "gender": fixed["gender"] if seen.gender else None,
            "address": street_line(place.street, place.house, country) if place else None,
            "city": place.city if place else None,
            "state": place.region if place else None,
            "zip": place.postcode if place else None,
            "country": country.name if place or seen.phone else None,
            "company": fixed["company"],
            "jobtitle": fixed["jobtitle"],
            "lifecyclestage": fixed["lifecyclestage"],
            "hs_lead_status": fixed["hs_lead_status"],
            "hubspot_owner_id": fixed["owner"],
            "hs_email_optout": fixed["optout"],
            "do_not_mail": fixed["optout"] if place else None,
            "createdate": fixed["created"],
            "lastmodifieddate": iso_millis(at, 480),
        }
        contact = {
            "id": key,
            "properties": properties,
            "createdAt": fixed["created"],
            "updatedAt": iso_millis(at, 480),
            "archived": archived,
        }
        if fixed["company_id"]:
            contact["associations"] = {
                "companies": {"results": [{"id": fixed["company_id"], "type": "contact_to_company"}]}
            }
        return contact

    # --- what people did
    def _engagement(self, person: Person, contact: str, created: int) -> None:
        dice, until = self.dice, self.chunk.until
        company = person.company
        kind, at = (
            dice.pick(["NOTE", "CALL", "TASK"]),
            min(until - 3600, max(created, until - dice.between(1, 120) * DAY) + dice.between(0, 40_000)),
        )
        self.engagement(
            kind,
            at,
            contact,
            self.company_id.get(company.company_id) if company else None,
            company.owner if company else 0,
        )

    def engagement(
        self, kind: str, at: int, contact: str | None, company: str | None, owner: int, title: str = "", body: str = ""
    ) -> str:
        dice, key = self.dice, self.engagement_ids.take()
        metadata = {
            "NOTE": lambda: {"body": body or dice.pick(commerce.NOTE_BODIES)},
            "CALL": lambda: {
                "title": title or dice.pick(commerce.CALL_TITLES),
                "body": body or dice.pick(commerce.NOTE_BODIES),
                "status": "COMPLETED",
                "durationMilliseconds": dice.between(30, 1800) * 1000,
                "disposition": dice.pick(["connected", "no_answer", "left_voicemail"]),
            },
            "TASK": lambda: {
                "subject": title or dice.pick(commerce.TASK_TITLES),
                "body": body,
                "status": dice.pick(["NOT_STARTED", "COMPLETED"]),
            },
        }[kind]()
        owner_number = int(owner_id(owner))
        line = {
            "id": key,
            "lastUpdated": at * 1000,
            "engagement": {
                "id": key,
                "type": kind,
                "timestamp": at * 1000,
                "ownerId": owner_number,
                "createdAt": at * 1000,
                "lastUpdated": at * 1000,
                "active": True,
            },
            "associations": {
                "contactIds": [int(contact)] if contact else [],
                "companyIds": [int(company)] if company else [],
                "dealIds": [],
            },
            "metadata": metadata,
        }
        self.chunk.delivery.versions("hubspot", "engagements", [(at, line)])
        return str(key)

    def form_fill(self, person: Person, business: bool) -> str:
        chunk, dice = self.chunk, self.dice
        key, at = dice.uuid(), chunk.some_time()
        chunk.record(f"hubspot:{key}", person)
        seen = chunk.observer.see(person, "form", at, business)
        form, page = dice.pick(commerce.FORMS)
        values = [("email", seen.email), ("firstname", seen.given), ("lastname", seen.family), ("phone", seen.phone)]
        values.append(("company", person.company.name if business and person.company else ""))
        line = {
            "conversionId": key,
            "submittedAt": at * 1000,
            "formId": f"7d1f{commerce.FORMS.index((form, page)):04d}-4c1e-4b71-9f57-21d7a61f0c55",
            "formName": form,
            "pageUrl": f"https://www.fernhill.io{page}",
            "values": [{"name": name, "value": value} for name, value in values if value],
        }
        chunk.delivery.versions("hubspot", "form_submissions", [(at, line)])
        return key


def street_line(street: str, house: str, country: Country) -> str:
    return f"{street} {house}" if country is COUNTRIES["DE"] else f"{house} {street}"


def _birth_text(seen: Impression, country: Country, iso_style: bool) -> str | None:
    if seen.born is None:
        return None
    if iso_style:
        return seen.born.isoformat()
    return seen.born.strftime({"DE": "%d.%m.%Y", "GB": "%d/%m/%Y", "US": "%m/%d/%Y"}[country.code])
