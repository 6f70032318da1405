"""What a person, a household and a company are. Shapes only: population.py and companies.py make them."""

from dataclasses import dataclass, field
from datetime import date

from seeds.demo.countries import Address, Country


@dataclass(slots=True, eq=False)
class Household:
    country: Country
    address: Address
    old_address: Address | None
    moved_at: int
    shared_email: str | None
    shared_phone: str | None
    shared_device: str | None = None
    members: list["Person"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Company:
    company_id: str
    name: str
    legal_name: str
    domain: str
    country: Country
    address: Address
    industry: str
    phone: str
    inbox: str
    headcount: int
    group_id: str
    owner: int
    created_at: int
    is_customer: bool
    buyers: list["Person"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Person:
    """A human being. A contact point holds since its moment, the old one before that (0: always held)."""

    person_id: str
    country: Country
    gender: str
    given: str
    family: str
    birth_family: str | None
    married_at: int
    born: date
    household: Household
    mobile: str
    old_mobile: str | None
    phone_changed_at: int
    email: str
    second_email: str | None
    old_email: str | None
    email_changed_at: int
    has_own_email: bool = True
    company: Company | None = None
    work_email: str | None = None
    job_title: str | None = None
    user_id: str | None = None
    activity: float = 1.0
    wants_marketing: bool = True
