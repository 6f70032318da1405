"""Who plays in the two stories: people and companies with fixed names and roles. What happens to them: stories.py."""

from datetime import date

from seeds.demo.clock import DAY
from seeds.demo.countries import DE, US, Address, Country
from seeds.demo.people import Company, Household
from seeds.demo.population import Census, user_id

# role, given name, family name, gender, job title, birth date
SUPPORT_CAST = [
    ("requester", "Hanna", "Brandt", "f", "Operations lead", date(1987, 4, 19)),
    ("administrator", "Mert", "Yıldız", "m", "IT administrator", date(1991, 11, 2)),
]
ACCOUNT_CAST = [
    ("buyer", "Dana", "Whitcomb", "f", "Managing director", date(1972, 8, 30)),
    ("administrator", "Luis", "Ortega", "m", "IT administrator", date(1989, 1, 14)),
    ("champion", "Grace", "Kim-O'Hara", "f", "Office manager", date(1984, 6, 5)),
    ("user", "Omar", "Haddad", "m", "Analyst", date(1995, 3, 21)),
    ("second_user", "Peggy", "Lindgren", "f", "Accountant", date(1966, 12, 9)),
]
CAST_SIZE = len(SUPPORT_CAST) + len(ACCOUNT_CAST)
FEWEST_PEOPLE = 20  # with fewer, no story is told


def cast_support(census: Census) -> Company:
    address = Address("Speicherstraße", "12", "", "20457", "Hamburg", "Hamburg", "DE", "40")
    company = _company(
        "C_SUPPORT",
        "Lindqvist Spedition",
        "GmbH",
        "lindqvist-spedition.de",
        DE,
        address,
        "4033445566",
        "Logistics",
        140,
        1,
        census.until,
    )
    return _hire_all(company, SUPPORT_CAST, census)


def cast_account(census: Census) -> Company:
    address = Address("Lakeshore Drive", "4400", "", "53202", "Milwaukee", "WI", "US", "414")
    company = _company(
        "C_ACCOUNT",
        "Harborlight Clinics",
        "Inc.",
        "harborlightclinics.com",
        US,
        address,
        "4142638811",
        "Health care",
        320,
        2,
        census.until,
    )
    return _hire_all(company, ACCOUNT_CAST, census)


def _company(
    company_id: str,
    name: str,
    form: str,
    domain: str,
    country: Country,
    address: Address,
    phone: str,
    industry: str,
    heads: int,
    owner: int,
    until: int,
) -> Company:
    return Company(
        company_id=company_id,
        name=name,
        legal_name=f"{name} {form}",
        domain=domain,
        country=country,
        address=address,
        industry=industry,
        phone=phone,
        inbox=f"info@{domain}",
        headcount=heads,
        group_id=f"ws_{name.split()[0].lower()}",
        owner=owner,
        created_at=until - 420 * DAY,
        is_customer=True,
    )


def _hire_all(company: Company, cast: list[tuple], census: Census) -> Company:
    for _, given, family, gender, job, born in cast:
        home = Household(company.country, company.address, None, 0, None, None)
        person = census.person(home, gender, family, born.year)
        person.given, person.born, person.job_title, person.company = given, born, job, company
        person.email = census.mailbox(company.country, given, family, born.year)
        person.work_email = f"{given}.{family}@{company.domain}".lower().replace("ı", "i").replace("'", "")
        person.old_email = person.old_mobile = person.second_email = None
        person.user_id, person.wants_marketing = user_id(int(person.person_id[1:])), True
        home.members.append(person)
        company.buyers.append(person)
    return company
