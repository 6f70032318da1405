"""The stores' till system: loyalty members as a whole table day by day, receipts line by line; quoted CSV."""

from dataclasses import replace

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, date_text, plain
from seeds.demo.delivery import SNAPSHOT_DAYS_AGO
from seeds.demo.errors import written_phone
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.words import commerce

MEMBERS_HEADER = (
    "member_no,joined_on,store_code,first_name,surname,birth_date,gender,email,phone,"
    "street,house_no,postcode,town,country,updated_at"
)
RECEIPTS_HEADER = (
    "receipt_no,line_no,store_code,member_no,sold_at,sku,description,quantity,unit_price,discount,currency,tender"
)


def csv_line(values: list[str]) -> str:
    return '"' + '","'.join([value.replace('"', '""') for value in values]) + '"'


class Pos:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice
        self.member_numbers, self.receipt_numbers = chunk.numbers(20_000_001), chunk.numbers(700_000_001)

    def member(self, person: Person, business: bool) -> str:
        chunk, dice, rates = self.chunk, self.dice, self.chunk.rates
        key, joined = f"M{self.member_numbers.take()}", chunk.some_time()
        chunk.record(f"pos:{key}", person)
        seen = chunk.observer.see(person, "pos", joined, business)
        store = dice.pick(commerce.STORES[person.country.code])
        states = [(joined, seen)] * 3
        if dice.chance(rates.correction) and seen.phone:
            wrong = replace(seen, phone=written_phone(person.mobile[::-1], person.country, dice))
            states = [(joined, seen), (chunk.until - 2 * DAY + 40_000, wrong), (chunk.until - DAY + 40_000, seen)]
        elif dice.chance(rates.update):
            at = chunk.until - 2 * DAY + dice.between(30_000, 70_000)
            states[1:] = [(at, chunk.observer.see_again(seen, person, "pos", at, business))] * 2
        leaves = dice.chance(rates.deletion) and joined < chunk.until - 3 * DAY
        days = len(states) - 1 if leaves else len(states)
        for number, (changed, state) in enumerate(states[:days]):
            at = max(changed, joined)  # nobody is corrected before they join
            if joined < chunk.until - SNAPSHOT_DAYS_AGO[number] * DAY:
                chunk.delivery.snapshot(
                    "pos", "members", number, self._member_line(key, joined, store, state, at, person)
                )
        self._visits(key, person, joined, store)
        return key

    def _member_line(self, key: str, joined: int, store: str, seen: Impression, at: int, person: Person) -> str:
        place = seen.address
        return csv_line(
            [
                key,
                date_text(joined),
                store,
                seen.given,
                seen.family,
                seen.born.isoformat() if seen.born else "",
                seen.gender.upper(),
                seen.email,
                seen.phone,
                place.street if place else "",
                place.house if place else "",
                place.postcode if place else "",
                place.city if place else "",
                person.country.code,
                plain(at),
            ]
        )

    def _visits(self, member: str, person: Person, joined: int, store: str) -> None:
        dice, until = self.dice, self.chunk.until
        for _ in range(min(8, int(dice.expovariate(0.6 / person.activity)))):
            at = max(joined, until - int(dice.random() * 300 * DAY) - 3600)
            self.receipt(member, person, at, store)
        if dice.chance(0.3):
            self.receipt("", person, until - int(dice.random() * 60 * DAY) - 3600, store)

    def receipt(self, member: str, person: Person, at: int, store: str) -> None:
        dice, country = self.dice, person.country
        key, tender = f"R{self.receipt_numbers.take()}", dice.pick(commerce.TENDERS)
        for number in range(1, dice.pick([2, 2, 3, 4])):
            sku, title, price = commerce.PRODUCTS[int(dice.random() * len(commerce.PRODUCTS))]
            quantity = -1 if dice.chance(0.04) else dice.pick([1, 1, 1, 2])
            amount = price * country.per_euro
            discount = f"{amount * 0.1:.2f}" if dice.chance(0.12) else "0.00"
            line = (
                f'"{key}","{number}","{store}","{member}","{plain(at)}","{sku}","{title}","{quantity}",'
                f'"{amount:.2f}","{discount}","{country.currency}","{tender}"'
            )
            self.chunk.delivery.event("pos", "receipts", at, line)
