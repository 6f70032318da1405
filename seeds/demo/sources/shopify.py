"""Shopify: customers, orders and checkouts, as in its Admin REST API: money as text, times with an offset."""

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, iso_offset
from seeds.demo.countries import Address, Country
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.words import commerce

TAX = {"GB": 0.20, "DE": 0.19, "US": 0.08}
SOURCES = [
    ("google", "/?utm_source=google&utm_medium=cpc&gclid=Cj0K"),
    ("", "/"),
    ("newsletter", "/?utm_source=klaviyo&utm_medium=email"),
    ("", "/collections/desk"),
]


class Shopify:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.customer_ids, self.order_ids = chunk.numbers(6_000_000_000_001), chunk.numbers(5_000_000_000_001)
        self.line_ids, self.checkout_ids = chunk.numbers(13_000_000_000_001), chunk.numbers(33_000_000_000_001)
        self.order_numbers = chunk.numbers(1_001, step=1)

    def customer(self, person: Person, business: bool) -> list[tuple[int, str, str]]:
        """Writes a customer and all that they bought. Gives the orders: (moment, order id, total)."""
        chunk, dice = self.chunk, self.dice
        key, created = self.customer_ids.take(), chunk.some_time()
        chunk.record(f"shopify:{key}", person)
        seen = chunk.observer.see(person, "shopify", created, business)
        orders = self._orders(key, person, seen, created)
        fixed = self._fixed(person, created, orders)
        last = max([created, *(at for at, _, _ in orders)])
        versions = [(created, self._customer_object(key, created, created, seen, fixed, person, business))]
        if last > created:
            versions.append((last, self._customer_object(key, created, last, seen, fixed, person, business)))
        if dice.chance(chunk.rates.update):
            at = max(last + 60, chunk.later(created))
            again = chunk.observer.see_again(seen, person, "shopify", at, business)
            versions.append((at, self._customer_object(key, created, at, again, fixed, person, business)))
        chunk.delivery.versions("shopify", "customers", versions)
        if dice.chance(0.28):
            self._checkout(key, person, seen, created)
        return orders

    def _fixed(self, person: Person, created: int, orders: list[tuple[int, str, str]]) -> dict:
        dice = self.dice
        state = (
            "subscribed"
            if person.wants_marketing and dice.chance(0.8)
            else dice.pick(["unsubscribed", "not_subscribed"])
        )
        consent = {
            "state": state,
            "opt_in_level": "single_opt_in" if state == "subscribed" else None,
            "consent_updated_at": iso_offset(created),
        }
        sms = {
            "state": "subscribed" if dice.chance(0.12) else "not_subscribed",
            "opt_in_level": "single_opt_in",
            "consent_updated_at": None,
        }
        spent = sum(float(total) for _, _, total in orders)
        return {
            "email_consent": consent,
            "sms_consent": sms,
            "orders_count": len(orders),
            "total_spent": f"{spent:.2f}",
            "state": "enabled" if dice.chance(0.5) else "disabled",
            "tags": dice.pick(["", "", "vip", "wholesale", "newsletter"]),
            "address_key": self.line_ids.take(),
            "address_phone": dice.chance(0.25),
        }

    def _customer_object(
        self, key: int, created: int, at: int, seen: Impression, fixed: dict, person: Person, business: bool
    ) -> dict:
        address = self._address_object(seen, person, business)
        return {
            "id": key,
            "email": seen.email or None,
            "phone": seen.phone or None,
            "first_name": seen.given or None,
            "last_name": seen.family or None,
            "created_at": iso_offset(created),
            "updated_at": iso_offset(at),
            "orders_count": fixed["orders_count"],
            "total_spent": fixed["total_spent"],
            "state": fixed["state"],
            "tags": fixed["tags"],
            "note": None,
            "verified_email": True,
            "currency": person.country.currency,
            "email_marketing_consent": fixed["email_consent"],
            "sms_marketing_consent": fixed["sms_consent"],
            "default_address": address,
            "addresses": [{"id": fixed["address_key"], **address}] if address else [],
        }

    def _address_object(self, seen: Impression, person: Person, business: bool) -> dict | None:
        address = seen.address
        if address is None:
            return None
        return {
            "first_name": seen.given or None,
            "last_name": seen.family or None,
            "company": person.company.name if business and person.company else None,
            "address1": street_line(address, person.country),
            "address2": address.unit or None,
            "city": address.city,
            "province": address.region,
            "zip": address.postcode,
            "country_code": address.country,
            "phone": seen.phone or None,
        }

    # --- orders
    def _orders(self, customer: int, person: Person, seen: Impression, created: int) -> list[tuple[int, str, str]]:
        dice, until = self.dice, self.chunk.until
        count = min(9, int(dice.expovariate(0.75 / person.activity)))
        moments = sorted({created + 120 + int(dice.random() * (until - created - 3600)) for _ in range(count)})
        return [self._order(customer, person, seen, at) for at in moments if at < until - 600]

    def _order(self, customer: int, person: Person, seen: Impression, at: int) -> tuple[int, str, str]:
        dice, country = self.dice, person.country
        key, number = self.order_ids.take(), self.order_numbers.take()
        lines = self._lines(country)
        subtotal = sum(float(line["price"]) * line["quantity"] for line in lines)
        code = dice.pick(commerce.DISCOUNT_CODES) if dice.chance(0.22) else None
        discount = round(subtotal * 0.1, 2) if code else 0.0
        tax = round((subtotal - discount) * TAX[country.code], 2)
        total = f"{subtotal - discount + tax:.2f}"
        cancelled, refunded = dice.chance(0.02), dice.chance(0.08)
        address = self._address_object(seen, person, False)
        source, landing = dice.pick(SOURCES)
        changed, refunds = at, []
        if refunded and at < self.chunk.until - 4 * DAY:
            changed = min(self.chunk.until - 600, at + dice.between(2, 30) * DAY)
            refunds = [self._refund(lines[0], changed, country)]
        order = {
            "id": key,
            "name": f"#{number}",
            "order_number": number,
            "email": seen.email or None,
            "phone": seen.phone or None,
            "customer": {"id": customer},
            "created_at": iso_offset(at),
            "processed_at": iso_offset(at),
            "updated_at": iso_offset(changed),
            "cancelled_at": iso_offset(at + 3600) if cancelled and at < self.chunk.until - 7200 else None,
            "currency": country.currency,
            "subtotal_price": f"{subtotal - discount:.2f}",
            "total_discounts": f"{discount:.2f}",
            "total_tax": f"{tax:.2f}",
            "total_price": total,
            "financial_status": "partially_refunded" if refunds else "paid",
            "fulfillment_status": "fulfilled" if at < self.chunk.until - 3 * DAY else None,
            "discount_codes": [{"code": code, "amount": f"{discount:.2f}", "type": "percentage"}] if code else [],
            "line_items": lines,
            "refunds": refunds,
            "billing_address": address,
            "shipping_address": address,
            "landing_site": landing,
            "referring_site": f"https://www.{source}.com/" if source else None,
            "source_name": "web",
        }
        versions = (
            [(at, {**order, "refunds": [], "financial_status": "paid", "updated_at": iso_offset(at)})]
            if refunds
            else []
        )
        self.chunk.delivery.versions("shopify", "orders", [*versions, (changed, order)])
        return at, str(key), total

    def _lines(self, country: Country) -> list[dict]:
        dice = self.dice
        lines = []
        for _ in range(dice.pick([1, 1, 1, 2, 2, 3])):
            number = int(dice.random() ** 1.4 * len(commerce.PRODUCTS))
            sku, title, price = commerce.PRODUCTS[number]
            lines.append(
                {
                    "id": self.line_ids.take(),
                    "product_id": 8_800_000_000 + number * 11,
                    "variant_id": 9_900_000_000 + number * 13,
                    "sku": sku,
                    "title": title,
                    "quantity": dice.pick([1, 1, 1, 2, 3]),
                    "price": f"{price * country.per_euro:.2f}",
                    "total_discount": "0.00",
                }
            )
        return lines

    def _refund(self, line: dict, at: int, country: Country) -> dict:
        dice = self.dice
        amount = f"{float(line['price']):.2f}"
        return {
            "id": self.line_ids.take(),
            "created_at": iso_offset(at),
            "note": dice.pick(commerce.RETURN_NOTES),
            "refund_line_items": [
                {"id": self.line_ids.take(), "line_item_id": line["id"], "quantity": 1, "subtotal": amount}
            ],
            "transactions": [
                {"id": self.line_ids.take(), "amount": amount, "kind": "refund", "currency": country.currency}
            ],
        }

    def _checkout(self, customer: int, person: Person, seen: Impression, created: int) -> None:
        dice, until = self.dice, self.chunk.until
        at = max(created, until - dice.between(0, 60) * DAY - dice.between(3700, 80_000))
        done = at + 600 if dice.chance(0.25) else None
        key, token = self.checkout_ids.take(), dice.hexadecimal(32)
        lines = [
            {name: line[name] for name in ("sku", "title", "quantity", "price", "product_id")}
            for line in self._lines(person.country)
        ]
        subtotal = sum(float(line["price"]) * line["quantity"] for line in lines)
        checkout = {
            "id": key,
            "token": token,
            "email": seen.email or None,
            "phone": seen.phone or None,
            "customer": {"id": customer},
            "created_at": iso_offset(at),
            "updated_at": iso_offset(done or at),
            "completed_at": iso_offset(done) if done else None,
            "abandoned_checkout_url": f"https://shop.fernhill.io/checkouts/{token}/recover",
            "currency": person.country.currency,
            "subtotal_price": f"{subtotal:.2f}",
            "total_price": f"{subtotal * (1 + TAX[person.country.code]):.2f}",
            "line_items": lines,
        }
        self.chunk.delivery.versions("shopify", "checkouts", [(done or at, checkout)])


def street_line(address: Address, country: Country) -> str:
    return f"{address.street} {address.house}" if country.code == "DE" else f"{address.house} {address.street}"
