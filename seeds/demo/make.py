"""Makes one chunk of the demo: its people, then what every system believes of them. Chunks are strangers."""

from collections.abc import Callable

from seeds.demo.cast import CAST_SIZE, FEWEST_PEOPLE, cast_account, cast_support
from seeds.demo.chance import Dice
from seeds.demo.chunk import Chunk
from seeds.demo.companies import employ
from seeds.demo.delivery import Delivery
from seeds.demo.impressions import Observer
from seeds.demo.people import Person
from seeds.demo.population import Census
from seeds.demo.presence import ON_THE_WEB, known_in
from seeds.demo.rates import ErrorRates
from seeds.demo.sources.ads import Ads
from seeds.demo.sources.hubspot import Hubspot
from seeds.demo.sources.klaviyo import Klaviyo
from seeds.demo.sources.pos import Pos
from seeds.demo.sources.preferences import Preferences
from seeds.demo.sources.segment import Segment
from seeds.demo.sources.shopify import Shopify
from seeds.demo.sources.stripe import Stripe
from seeds.demo.sources.zendesk import Zendesk
from seeds.demo.stories import Stories

PEOPLE_PER_CHUNK = 2_500
VISITORS_PER_PERSON = 0.30


class Systems:
    """The writers of one chunk that know its people; ads.py, which knows only visits, comes after them."""

    def __init__(self, chunk: Chunk):
        self.chunk = chunk
        self.hubspot, self.shopify, self.pos, self.stripe = Hubspot(chunk), Shopify(chunk), Pos(chunk), Stripe(chunk)
        self.zendesk, self.segment, self.klaviyo, self.preferences = (
            Zendesk(chunk),
            Segment(chunk),
            Klaviyo(chunk),
            Preferences(chunk),
        )

    def company_wide(self) -> None:
        self.hubspot.owners()
        self.zendesk.agents()
        self.klaviyo.metrics()

    def companies(self) -> None:
        for company in self.chunk.population.companies:
            self.hubspot.company(company)
            if company.is_customer or self.chunk.dice.chance(0.3):
                self.zendesk.organization(company)

    def person(self, person: Person) -> None:
        dice = self.chunk.dice
        orders: list[tuple[int, str, str]] = []
        writers: dict[str, Callable[[Person, bool], object]] = {
            "hubspot": self.hubspot.contact,
            "form": self.hubspot.form_fill,
            "pos": self.pos.member,
            "stripe": self.stripe.customer,
            "zendesk": self.zendesk.user,
            "klaviyo": self.klaviyo.profile,
            "preferences": self.preferences.subscriber,
        }
        for source, business in known_in(person, dice, self.chunk.rates.duplicate):
            if source == "shopify":
                orders += self.shopify.customer(person, business)
            else:
                writers[source](person, business)
        if person.user_id or dice.chance(ON_THE_WEB):
            self.segment.person(person, orders)

    def rest(self) -> None:
        """What can only be written when all people are: deals, strangers, robots, and the groups seen."""
        for company in self.chunk.population.companies:
            self.hubspot.deal(company)
        self.segment.visitors(int(len(self.chunk.population.people) * VISITORS_PER_PERSON))
        self.segment.bots()
        for group_id, company_id in sorted(self.chunk.seen_groups):
            self.chunk.truth.account(f"segment:{group_id}", company_id)


def make_chunk(number: int, people: int, seed: int, until: int, rates: ErrorRates) -> tuple[Chunk, dict]:
    """Gives the finished chunk and, for the first, the stories told in it."""
    dice = Dice.for_chunk(seed, number)
    census = Census(dice, rates, until, first=number * PEOPLE_PER_CHUNK)
    told_here = number == 0 and people >= FEWEST_PEOPLE
    cast = [cast_support(census), cast_account(census)] if told_here else []
    population = census.settle(people - CAST_SIZE if told_here else people)
    employ(population, dice, until, number)
    chunk = Chunk(number, dice, rates, until, population, Delivery(until), Observer(dice, rates))
    systems = Systems(chunk)
    if number == 0:
        systems.company_wide()
    told = Stories(chunk, systems).tell(*cast) if cast else {}
    systems.companies()
    for person in population.people:
        systems.person(person)
    systems.rest()
    Ads(chunk, seed).write()
    return chunk, told
