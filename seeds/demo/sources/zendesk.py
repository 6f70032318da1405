"""Zendesk: users, organisations and tickets, as its incremental export gives them."""

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, iso
from seeds.demo.impressions import Impression
from seeds.demo.people import Company, Person
from seeds.demo.words import commerce

AGENT = 900_000_100_001
CHANNELS = ["email", "web", "web", "chat", "api", "voice"]


class Zendesk:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.user_ids, self.organization_ids, self.ticket_ids = (
            chunk.numbers(360_000_000_001),
            chunk.numbers(370_000_000_001),
            chunk.numbers(1_001, step=2),
        )
        self.organization_id: dict[str, int] = {}

    def agents(self) -> None:
        first = self.chunk.until - 870 * DAY
        for number, (given, family) in enumerate(commerce.STAFF[:4]):
            agent = {
                **_user(AGENT + number, f"{given} {family}", "agent" if number else "admin", first),
                "email": f"{given[0].lower()}.{family.lower()}@fernhill.io",
                "locale": "en-GB",
                "time_zone": "Europe/Berlin",
            }
            self.chunk.delivery.versions("zendesk", "users", [(first, agent)])

    def organization(self, company: Company) -> int:
        key = self.organization_ids.take()
        self.organization_id[company.company_id] = key
        self.chunk.truth.account(f"zendesk:{key}", company.company_id)
        organization = {
            "id": key,
            "name": company.name if self.dice.chance(0.6) else company.legal_name,
            "domain_names": [company.domain] if self.dice.chance(0.85) else [],
            "external_id": company.group_id if self.dice.chance(0.5) else None,
            "created_at": iso(company.created_at),
            "updated_at": iso(company.created_at),
        }
        self.chunk.delivery.versions("zendesk", "organizations", [(company.created_at, organization)])
        return key

    def user(self, person: Person, business: bool, tickets: bool = True) -> tuple[int, int | None]:
        """Writes a user and their tickets. Gives the user's id and the organisation's."""
        chunk, dice = self.chunk, self.dice
        key, created = self.user_ids.take(), chunk.some_time()
        chunk.record(f"zendesk:{key}", person)
        seen = chunk.observer.see(person, "zendesk", created, business)
        organization = self.organization_id.get(person.company.company_id) if business and person.company else None
        known = {
            **_user(key, self._display_name(seen), "end-user", created),
            "organization_id": organization,
            "external_id": person.user_id if person.user_id and dice.chance(0.35) else None,
            "locale": person.country.locale,
            "time_zone": person.country.timezone,
        }
        versions = [(created, {**known, "email": seen.email or None, "phone": seen.phone or None})]
        if dice.chance(chunk.rates.update):
            at = chunk.later(created)
            again = chunk.observer.see_again(seen, person, "zendesk", at, business)
            changed = {"email": again.email or None, "phone": again.phone or None, "updated_at": iso(at)}
            versions.append((at, {**known, **changed}))
        chunk.delivery.versions("zendesk", "users", versions)
        for _ in range(dice.pick([1, 1, 1, 2, 2, 3]) if tickets else 0):
            self._ticket(key, organization, created)
        return key, organization

    def _display_name(self, seen: Impression) -> str:
        style = self.dice.random()
        if seen.full_name and style < 0.85:
            return seen.full_name
        if seen.given and seen.family and style < 0.93:
            return f"{seen.family}, {seen.given}"
        return seen.email.partition("@")[0] or seen.full_name or "Caller"

    def _ticket(self, user: int, organization: int | None, since: int) -> None:
        dice, until = self.dice, self.chunk.until
        at = max(since, until - int(dice.random() * 240 * DAY) - 4000)
        is_open = at > until - 6 * DAY and dice.chance(0.6)
        subject, description = dice.pick(commerce.TICKET_SUBJECTS)
        priority = dice.pick(["low", "normal", "normal", "normal", "high", "urgent"])
        self.ticket(user, organization, at, subject, description, priority, is_open)

    def ticket(
        self, user: int, organization: int | None, at: int, subject: str, description: str, priority: str, is_open: bool
    ) -> int:
        dice, until, key = self.dice, self.chunk.until, self.ticket_ids.take()
        reply, solved = dice.between(4, 900), dice.between(60, 9000)
        base = {
            "id": key,
            "subject": subject,
            "description": description,
            "type": dice.pick(["question", "problem", "incident", "task"]),
            "priority": priority,
            "requester_id": user,
            "submitter_id": user,
            "organization_id": organization,
            "created_at": iso(at),
            "tags": [dice.pick(["printer", "flows", "billing", "shop"])],
            "via": {"channel": dice.pick(CHANNELS)},
        }
        opened = {
            **base,
            "status": "new",
            "assignee_id": None,
            "updated_at": iso(at),
            "satisfaction_rating": {"score": "unoffered", "comment": None},
            "metric_set": _metrics(None, None, 0, 0, None),
        }
        versions = [(at, opened)]
        if is_open:
            changed = min(until - 60, at + 1800)
            versions.append(
                (
                    changed,
                    {**opened, "status": "open", "assignee_id": AGENT + dice.between(0, 3), "updated_at": iso(changed)},
                )
            )
        else:
            changed = min(until - 60, at + solved * 60)
            score = dice.pick(["good", "good", "bad", "offered", "offered", "unoffered"])
            versions.append(
                (
                    changed,
                    {
                        **base,
                        "status": "closed" if changed < until - 5 * DAY else "solved",
                        "assignee_id": AGENT + dice.between(0, 3),
                        "updated_at": iso(changed),
                        "satisfaction_rating": {
                            "score": score,
                            "comment": "Thank you, quick help." if score == "good" else None,
                        },
                        "metric_set": _metrics(
                            reply, max(solved, reply), int(dice.chance(0.1)), dice.between(1, 6), iso(changed)
                        ),
                    },
                )
            )
        self.chunk.delivery.versions("zendesk", "tickets", versions)
        return key


def _user(key: int, name: str, role: str, created: int) -> dict:
    """A user of whom nothing more is known yet."""
    return {
        "id": key,
        "name": name,
        "email": None,
        "phone": None,
        "role": role,
        "organization_id": None,
        "external_id": None,
        "created_at": iso(created),
        "updated_at": iso(created),
        "time_zone": None,
        "locale": None,
        "tags": [],
        "suspended": False,
        "active": True,
    }


def _metrics(reply: int | None, solved: int | None, reopens: int, replies: int, solved_at: str | None) -> dict:
    def both(minutes: int | None) -> dict:
        return {"calendar": minutes, "business": minutes // 3 if minutes is not None else None}

    return {
        "reply_time_in_minutes": both(reply),
        "full_resolution_time_in_minutes": both(solved),
        "reopens": reopens,
        "replies": replies,
        "solved_at": solved_at,
    }
