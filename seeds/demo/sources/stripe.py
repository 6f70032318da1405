"""Stripe: customers, subscriptions and invoices as API objects: epoch seconds, cents, no time of change."""

from dataclasses import dataclass

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.sources.shopify import street_line
from seeds.demo.words import commerce

MONTH = 30 * DAY
INVOICES_KEPT = 3  # of each subscription, the newest


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed: plan counts in commerce.PLANS; ended and trial_end are moments or None."""

    start: int
    plan: int
    quantity: int
    status: str = "active"
    ended: int | None = None
    trial_end: int | None = None

    @property
    def cents(self) -> int:
        return commerce.PLANS[self.plan][2] * self.quantity

    def period_start(self, at: int) -> int:
        return self.start + (at - self.start) // MONTH * MONTH


@dataclass(frozen=True, slots=True)
class Payer:
    """A Stripe customer, as their subscription and invoices refer to them."""

    key: str
    subscription: str
    email: str
    currency: str


class Stripe:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.invoice_numbers = chunk.numbers(10_000_001)

    def customer(self, person: Person, business: bool, contract: Contract | None = None) -> Payer:
        """Writes a customer with one subscription and its newest invoices."""
        chunk, dice = self.chunk, self.dice
        contract = contract or self._agree(business)
        key, created = f"cus_{dice.token(14)}", contract.start
        chunk.record(f"stripe:{key}", person)
        seen = chunk.observer.see(person, "stripe", created, business)
        metadata = {"user_id": person.user_id} if person.user_id and dice.chance(0.55) else {}
        if business and person.company:
            metadata["company"] = person.company.name
        versions = [(created, _customer(key, created, seen, person, metadata))]
        if dice.chance(chunk.rates.update):
            at = chunk.later(created)
            again = chunk.observer.see_again(seen, person, "stripe", at, business)
            versions.append((at, _customer(key, created, again, person, metadata)))
        chunk.delivery.versions("stripe", "customers", versions)
        payer = Payer(key, f"sub_{dice.token(14)}", seen.email, person.country.currency.lower())
        self._subscription(payer, contract)
        self._invoices(payer, contract)
        return payer

    def _agree(self, business: bool) -> Contract:
        dice, until = self.dice, self.chunk.until
        start = self.chunk.some_time()
        ended = start + dice.between(2, 12) * MONTH if dice.chance(0.2) else None
        ended = ended if ended and ended < until - DAY else None
        trial_end = start + 14 * DAY if dice.chance(0.4) else None
        trialing = trial_end is not None and trial_end > until
        late = "past_due" if dice.chance(0.03) else "active"
        return Contract(
            start=start,
            plan=dice.between(1, 2) if business else 0,
            quantity=dice.between(2, 25) if business else 1,
            status="canceled" if ended else "trialing" if trialing else late,
            ended=ended,
            trial_end=trial_end,
        )

    def _subscription(self, payer: Payer, contract: Contract) -> None:
        """As it began, and as it is now: renewed, or ended."""
        began = _subscription(payer, contract, contract.start, "active", None)
        now = contract.ended or contract.period_start(self.chunk.until)
        versions = [
            (contract.start, began),
            (now, _subscription(payer, contract, now, contract.status, contract.ended)),
        ]
        self.chunk.delivery.versions("stripe", "subscriptions", versions[now == contract.start :])

    def _invoices(self, payer: Payer, contract: Contract) -> None:
        months = ((contract.ended or self.chunk.until) - contract.start) // MONTH
        for month in range(max(0, months - INVOICES_KEPT + 1), months + 1):
            at = min(contract.start + month * MONTH, self.chunk.until - 7200)
            paid = contract.status != "past_due" or month < months
            self.invoice(payer, at, contract.cents, commerce.PLANS[contract.plan][1], paid)

    def invoice(self, payer: Payer, at: int, cents: int, title: str, paid: bool) -> str:
        dice = self.dice
        key, paid_at = f"in_{dice.token(14)}", at + dice.between(60, 3600)
        opened = {
            "id": key,
            "object": "invoice",
            "customer": payer.key,
            "subscription": payer.subscription,
            "number": f"FH-{self.invoice_numbers.take()}",
            "status": "open",
            "currency": payer.currency,
            "amount_due": cents,
            "amount_paid": 0,
            "total": cents,
            "created": at,
            "due_date": at + 14 * DAY,
            "customer_email": payer.email or None,
            "status_transitions": {"paid_at": None},
            "lines": {"data": [{"id": f"il_{dice.token(14)}", "amount": cents, "description": title}]},
        }
        settled = {**opened, "status": "paid", "amount_paid": cents, "status_transitions": {"paid_at": paid_at}}
        versions = [(at, opened), (paid_at, settled)] if paid else [(at, opened)]
        self.chunk.delivery.versions("stripe", "invoices", versions)
        return key


def _customer(key: str, created: int, seen: Impression, person: Person, metadata: dict[str, str]) -> dict:
    return {
        "id": key,
        "object": "customer",
        "created": created,
        "email": seen.email or None,
        "name": seen.full_name or None,
        "phone": seen.phone or None,
        "currency": person.country.currency.lower(),
        "delinquent": False,
        "description": metadata.get("company"),
        "address": _address(seen, person),
        "metadata": metadata,
    }


def _address(seen: Impression, person: Person) -> dict | None:
    place = seen.address
    if place is None:
        return None
    return {
        "line1": street_line(place, person.country),
        "line2": place.unit or None,
        "city": place.city,
        "state": place.region,
        "postal_code": place.postcode,
        "country": place.country,
    }


def _subscription(payer: Payer, contract: Contract, at: int, status: str, ended: int | None) -> dict:
    product, _, cents = commerce.PLANS[contract.plan]
    period = contract.period_start(at)
    price = {
        "id": f"price_{product[5:]}_{payer.currency}",
        "unit_amount": cents,
        "currency": payer.currency,
        "recurring": {"interval": "month"},
        "product": product,
    }
    return {
        "id": payer.subscription,
        "object": "subscription",
        "customer": payer.key,
        "status": status,
        "created": contract.start,
        "start_date": contract.start,
        "current_period_start": period,
        "current_period_end": period + MONTH,
        "cancel_at_period_end": False,
        "canceled_at": ended,
        "ended_at": ended,
        "trial_end": contract.trial_end,
        "currency": payer.currency,
        "items": {"data": [{"id": f"si_{payer.subscription[4:]}", "quantity": contract.quantity, "price": price}]},
    }
