"""Which systems know a person, and how often twice: probabilities of being known. Those of error: rates.py."""

from seeds.demo.chance import Dice
from seeds.demo.people import Person

PRIVATE = {
    "hubspot": 0.13,
    "form": 0.06,
    "shopify": 0.50,
    "pos": 0.34,
    "stripe": 0.09,
    "zendesk": 0.13,
    "klaviyo": 0.42,
    "preferences": 0.10,
}
BUYER = {
    "hubspot": 0.80,
    "form": 0.18,
    "shopify": 0.08,
    "pos": 0.0,
    "stripe": 0.10,
    "zendesk": 0.30,
    "klaviyo": 0.28,
    "preferences": 0.06,
}
PRIVATE_TOO = 0.35  # buyers who are also private customers
ON_THE_WEB = 0.62  # people without an account who visit the website


def known_in(person: Person, dice: Dice, duplicate: float) -> list[tuple[str, bool]]:
    """(source, is business) for each record that this person will have, at least one."""
    lives = [(BUYER, True)] if person.company else [(PRIVATE, False)]
    if person.company and dice.chance(PRIVATE_TOO):
        lives.append((PRIVATE, False))
    known: list[tuple[str, bool]] = []
    for chances, business in lives:
        for source, chance in chances.items():
            if dice.chance(chance):
                known.append((source, business))
                if dice.chance(duplicate):
                    known.append((source, business))
    if not known and not person.user_id:
        known.append(
            ("hubspot", True) if person.company else (dice.pick(["shopify", "shopify", "pos", "klaviyo"]), False)
        )
    return known
