"""The companies that buy from the demo company, and which of its people work and buy there."""

from seeds.demo.chance import Dice
from seeds.demo.clock import DAY
from seeds.demo.countries import COUNTRIES, Country, draw_address, draw_landline, plain_letters
from seeds.demo.people import Company, Person
from seeds.demo.population import Population, user_id
from seeds.demo.words import commerce

BUYERS_SHARE = 0.28  # of people, who also (or only) buy for a company

INBOXES = {
    "GB": ["info", "office", "purchasing", "accounts"],
    "DE": ["info", "office", "einkauf", "buchhaltung"],
    "US": ["info", "office", "purchasing", "ap"],
}


def employ(population: Population, dice: Dice, until: int, chunk: int) -> None:
    """Give some people of each country a company to buy for; several buyers share one."""
    buyers = [person for person in population.people if dice.chance(BUYERS_SHARE)]
    for code in COUNTRIES:
        waiting = [person for person in buyers if person.country.code == code]
        while waiting:
            size = min(len(waiting), 1 + int(dice.expovariate(0.3)))
            company = found(COUNTRIES[code], dice, until, f"C{chunk:04d}{len(population.companies):04d}")
            population.companies.append(company)
            for person in waiting[:size]:
                hire(company, person, dice)
            waiting = waiting[size:]


def found(country: Country, dice: Dice, until: int, company_id: str) -> Company:
    name = f"{dice.pick(commerce.COMPANY_WORDS)} {dice.pick(commerce.COMPANY_TRADES[country.code])}"
    if dice.chance(0.5):
        name = f"{country.surname(dice)} {name.split()[1]}"
    word = "".join(letter for letter in plain_letters(name).lower() if letter.isalnum() or letter == " ").replace(
        " ", "-" if dice.chance(0.5) else ""
    )
    domain = f"{word}{int(company_id[1:])}.{country.company_end}"
    address = draw_address(country, dice)
    return Company(
        company_id=company_id,
        name=name,
        legal_name=f"{name} {dice.pick(commerce.COMPANY_FORMS[country.code])}",
        domain=domain,
        country=country,
        address=address,
        industry=dice.pick(commerce.INDUSTRIES),
        phone=draw_landline(country, dice, address.area_code),
        inbox=f"{dice.pick(INBOXES[country.code])}@{domain}",
        headcount=dice.pick([4, 8, 12, 20, 35, 60, 110, 250, 900]),
        group_id=f"ws_{company_id.lower()}_{dice.hexadecimal(6)}",
        owner=dice.between(0, len(commerce.STAFF) - 1),
        created_at=until - dice.between(90, 900) * DAY,
        is_customer=dice.chance(0.6),
    )


def hire(company: Company, person: Person, dice: Dice) -> None:
    given, family = (
        "".join(letter for letter in plain_letters(name).lower() if letter.isalnum())
        for name in (person.given, person.family)
    )
    taken = {buyer.work_email for buyer in company.buyers}
    local = dice.pick([f"{given}.{family}", f"{given[0]}{family}", f"{given[0]}.{family}", given])
    number = 1
    while f"{local}@{company.domain}" in taken:
        number += 1
        local = f"{given}.{family}{number}"
    person.company = company
    person.work_email = f"{local}@{company.domain}"
    person.job_title = dice.pick(commerce.JOB_TITLES)
    company.buyers.append(person)
    if person.user_id is None and dice.chance(0.45):
        person.user_id = user_id(int(person.person_id[1:]))
