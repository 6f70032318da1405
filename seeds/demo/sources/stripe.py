"""Stripe: customers, subscriptions and invoices as API objects: epoch seconds, cents, and no time of the last change."""

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.sources.shopify import street_line
from seeds.demo.words import commerce

MONTH = 30 * DAY


class Stripe:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.invoice_numbers = chunk.numbers(10_000_001)

    def customer(
        self, person: Person, business: bool, plan: int | None = None, quantity: int | None = None
    ) -> tuple[str, str]:
        """Gives the ids of the customer and of the subscription."""
        chunk, dice = self.chunk, self.dice
        key, created = f"cus_{dice.token(14)}", chunk.some_time()
        chunk.record(f"stripe:{key}", person)
        seen = chunk.observer.see(person, "stripe", created, business)
        user = person.user_id if person.user_id and dice.chance(0.55) else None
        versions = [(created, self._customer_object(key, created, seen, person, business, user))]
        if dice.chance(chunk.rates.update):
            at = chunk.later(created)
            versions.append(
                (
                    at,
                    self._customer_object(
                        key,
                        created,
                        chunk.observer.see_again(seen, person, "stripe", at, business),
                        person,
                        business,
                        user,
                    ),
                )
            )
        chunk.delivery.versions("stripe", "customers", versions)
        return key, self._subscription(
            key,
            person,
            seen,
            created,
            dice.between(1, 2) if business else 0 if plan is None else plan,
            quantity or (dice.between(2, 25) if business else 1),
        )

    def _customer_object(
        self, key: str, created: int, seen: Impression, person: Person, business: bool, user: str | None
    ) -> dict:
        place, company = seen.address, person.company.name if business and person.company else None
        address = (
            {
                "line1": street_line(place, person.country),
                "line2": place.unit or None,
                "city": place.city,
                "state": place.region,
                "postal_code": place.postcode,
                "country": place.country,
            }
            if place
            else None
        )
        metadata = {name: value for name, value in (("user_id", user), ("company", company)) if value}
        return {
            "id": key,
            "object": "customer",
            "created": created,
            "email": seen.email or None,
            "name": seen.full_name or None,
            "phone": seen.phone or None,
            "currency": person.country.currency.lower(),
            "delinquent": False,
            "description": company,
            "address": address,
            "metadata": metadata,
        }

    def _subscription(
        self, customer: str, person: Person, seen: Impression, start: int, plan: int, quantity: int
    ) -> str:
        dice, until = self.dice, self.chunk.until
        key = f"sub_{dice.token(14)}"
        ended = start + dice.between(2, 12) * MONTH if dice.chance(0.2) else None
        if ended and ended > until - DAY:
            ended = None
        trial = start + 14 * DAY if dice.chance(0.4) else None
        status = (
            "canceled"
            if ended
            else "trialing"
            if trial and trial > until
            else "past_due"
            if dice.chance(0.03)
            else "active"
        )
        last = ended or until
        moments = [start, *([ended] if ended else [])]
        renewal = start + (last - start) // MONTH * MONTH
        if not ended and renewal > start:
            moments.append(renewal)
        for at in moments:
            finished = ended if at == ended else None
            self.chunk.delivery.versions(
                "stripe",
                "subscriptions",
                [
                    (
                        at,
                        self._subscription_object(
                            key,
                            customer,
                            person,
                            start,
                            at,
                            trial,
                            finished,
                            status if at == moments[-1] else "active",
                            plan,
                            quantity,
                        ),
                    )
                ],
            )
        self._invoices(customer, key, person, seen, start, last, plan, quantity, status)
        return key

    def _subscription_object(
        self,
        key: str,
        customer: str,
        person: Person,
        start: int,
        at: int,
        trial: int | None,
        ended: int | None,
        status: str,
        plan: int,
        quantity: int,
    ) -> dict:
        product, _, cents = commerce.PLANS[plan]
        currency = person.country.currency.lower()
        period = start + (at - start) // MONTH * MONTH
        price = {
            "id": f"price_{product[5:]}_{currency}",
            "unit_amount": cents,
            "currency": currency,
            "recurring": {"interval": "month"},
            "product": product,
        }
        return {
            "id": key,
            "object": "subscription",
            "customer": customer,
            "status": status,
            "created": start,
            "start_date": start,
            "current_period_start": period,
            "current_period_end": period + MONTH,
            "cancel_at_period_end": False,
            "canceled_at": ended,
            "ended_at": ended,
            "trial_end": trial,
            "currency": currency,
            "items": {"data": [{"id": f"si_{key[4:]}", "quantity": quantity, "price": price}]},
        }

    def _invoices(
        self,
        customer: str,
        subscription: str,
        person: Person,
        seen: Impression,
        start: int,
        last: int,
        plan: int,
        quantity: int,
        status: str,
    ) -> None:
        months = (last - start) // MONTH
        for month in range(max(0, months - 2), months + 1):
            at = start + month * MONTH
            paid = not (status == "past_due" and month == months)
            self.invoice(
                customer,
                subscription,
                person,
                seen.email,
                min(at, self.chunk.until - 7200),
                commerce.PLANS[plan][2] * quantity,
                commerce.PLANS[plan][1],
                paid,
            )

    def invoice(
        self, customer: str, subscription: str, person: Person, email: str, at: int, cents: int, title: str, paid: bool
    ) -> str:
        dice = self.dice
        key, number = f"in_{dice.token(14)}", f"FH-{self.invoice_numbers.take()}"
        paid_at = at + dice.between(60, 3600)
        invoice = {
            "id": key,
            "object": "invoice",
            "customer": customer,
            "subscription": subscription,
            "number": number,
            "status": "open",
            "currency": person.country.currency.lower(),
            "amount_due": cents,
            "amount_paid": 0,
            "total": cents,
            "created": at,
            "due_date": at + 14 * DAY,
            "customer_email": email or None,
            "status_transitions": {"paid_at": None},
            "lines": {"data": [{"id": f"il_{dice.token(14)}", "amount": cents, "description": title}]},
        }
        settled = {**invoice, "status": "paid", "amount_paid": cents, "status_transitions": {"paid_at": paid_at}}
        self.chunk.delivery.versions("stripe", "invoices", [(at, invoice), *([(paid_at, settled)] if paid else [])])
        return key
