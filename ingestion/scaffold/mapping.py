"""Which column of a new source is which column of the conformed contract.

Belongs here: the names that vendors give to the same thing. Must not go here: SQL (select.py) or files (write.py).
Concept: a guess that a person reads before it runs; what is not recognised is said, never dropped in silence.
"""

import re
from dataclasses import dataclass

from ingestion.scaffold.sample import Column, Sample

# feed → contract column → names it goes by, normalised to lower case without separators.
PERSON = {
    "full_name": ("fullname", "name", "displayname", "contactname", "customername", "accountname"),
    "given_name": ("firstname", "givenname", "forename", "vorname"),
    "middle_name": ("middlename",),
    "family_name": ("lastname", "familyname", "surname", "nachname"),
    "birth_date": ("birthdate", "dateofbirth", "dob", "birthday"),
    "gender": ("gender", "sex"),
    "email": ("email", "emailaddress", "mail", "contactemail", "useremail"),
    "phone": ("phone", "phonenumber", "telephone", "mobile", "mobilephone", "tel"),
    "street": ("street", "address1", "addressline1", "line1", "streetaddress", "address", "billingaddress"),
    "house_number": ("housenumber", "houseno"),
    "city": ("city", "town", "ort"),
    "region": ("region", "state", "province", "county"),
    "postal_code": ("postalcode", "postcode", "zip", "zipcode", "plz"),
    "country": ("country", "countrycode"),
    "company_name": ("company", "companyname", "organisation", "organization", "employer"),
    "job_title": ("jobtitle", "title", "position", "role"),
    "created_at": ("createdat", "created", "createdate", "signedupat", "submittedat", "registeredat", "joinedon"),
    "updated_at": ("updatedat", "updated", "modifiedat", "lastmodified", "lastmodifieddate", "lastmodifiedat"),
}
ACCOUNT = {
    "name": ("name", "companyname", "accountname", "organisation", "organization"),
    "domain": ("domain", "website", "domainname"),
    "industry": ("industry", "sector"),
    "employees_count": ("employees", "employeecount", "numberofemployees", "headcount"),
    "country": PERSON["country"],
    "city": PERSON["city"],
    "created_at": PERSON["created_at"],
    "updated_at": PERSON["updated_at"],
}
EVENT = {
    "event_name": ("eventname", "eventtype", "event", "action"),
    "occurred_at": ("occurredat", "timestamp", "eventat", "eventtime", "time", "date", *PERSON["created_at"]),
    "properties": ("properties", "payload", "attributes"),
    "page_url": ("pageurl", "url"),
    "anonymous_id": ("anonymousid", "deviceid", "visitorid"),
    "user_agent": ("useragent",),
}
TICKET = {
    "subject": ("subject", "title", "summary"),
    "description": ("description", "body"),
    "ticket_type": ("type", "tickettype", "category"),
    "priority": ("priority", "severity", "urgency"),
    "status": ("status", "state"),
    "channel": ("channel",),
    "created_at": PERSON["created_at"],
    "updated_at": PERSON["updated_at"],
    "solved_at": ("solvedat", "resolvedat", "closedat"),
}
INVOICE = {
    "status": ("status", "state"),
    "number": ("number", "invoicenumber"),
    "amount_due": ("amountdue", "amountduecents", "amount", "total", "amountcents", "totalcents"),
    "amount_paid": ("amountpaid", "amountpaidcents"),
    "currency": ("currency", "currencycode"),
    "created_at": ("issuedat", "invoicedate", *PERSON["created_at"]),
    "due_at": ("dueat", "duedate"),
    "paid_at": ("paidat", "paidon"),
}
ORDER = {
    "ordered_at": ("orderedat", "orderdate", "placedat", "soldat", *PERSON["created_at"]),
    "updated_at": PERSON["updated_at"],
    "status": ("status", "state"),
    "currency": ("currency", "currencycode"),
    "total_amount": ("totalamount", "totalprice", "total", "amount", "amountcents", "totalcents"),
    "discount_amount": ("discountamount", "discount", "totaldiscounts"),
    "tax_amount": ("taxamount", "tax", "totaltax"),
}
ACTIVITY = {
    "activity_type": ("activitytype", "type", "kind", "referraltype"),
    "occurred_at": ("occurredat", "timestamp", "date", *PERSON["created_at"]),
    "title": ("title", "subject"),
    "body": ("body", "notes", "note", "text", "description"),
    "status": ("status", "state"),
}


@dataclass(frozen=True)
class Feed:
    """What a table may feed: the conformed model that lists it, the column that names its rows, its columns' names."""

    model: str
    id_column: str
    columns: dict[str, tuple[str, ...]]
    called: tuple[str, ...]


FEEDS = {
    "records": Feed(
        "int_records_unioned", "record_id", PERSON,
        ("contacts", "people", "customers", "users", "members", "leads", "signups", "subscribers", "profiles"),
    ),
    "accounts": Feed("int_accounts", "account_record_id", ACCOUNT, ("companies", "organisations", "organizations")),
    "events": Feed("int_events", "event_id", EVENT, ("events",)),
    "tickets": Feed("int_tickets", "ticket_id", TICKET, ("tickets", "cases", "issues")),
    "invoices": Feed("int_invoices", "invoice_id", INVOICE, ("invoices", "bills")),
    "orders": Feed("int_orders", "order_id", ORDER, ("orders", "purchases", "sales")),
    "activities": Feed("int_activities", "activity_id", ACTIVITY, ("activities", "notes", "calls", "tasks")),
}  # fmt: skip


def guess_feed(sample: Sample, table: str) -> str | None:
    """The feed that the table is named after, else the one that recognises most columns beside dates, at least two."""
    named = (name for name, feed in FEEDS.items() if table in feed.called and match(sample, name))
    telling = {feed: _telling(sample, feed) for feed in FEEDS}
    best = max(telling, key=lambda feed: telling[feed])
    return next(named, best if telling[best] >= 2 else None)


def guess_ordered_by(sample: Sample) -> str | None:
    """A column that says when a row last changed, on every row."""
    columns = {_normalised(column.name): column for column in sample.columns if not column.is_nested}
    found = (columns[name] for name in PERSON["updated_at"] if name in columns)
    return next((column.name for column in found if column.is_always_present and column.data_type == "timestamp"), None)


def match(sample: Sample, feed: str) -> dict[str, str]:
    """Contract column → column of the sample. A column serves once; earlier synonyms win, and outer names."""
    by_name: dict[str, Column] = {}
    for column in sorted(sample.columns, key=lambda column: column.name.count(".")):
        by_name.setdefault(_normalised(column.name.split(".")[-1]), column)
    found: dict[str, str] = {}
    for target, synonyms in FEEDS[feed].columns.items():
        fitting = (by_name[name] for name in synonyms if name in by_name and fits(target, by_name[name]))
        name = next((column.name for column in fitting if column.name not in found.values()), None)
        if name:
            found[target] = name
    return found


def fits(target: str, column: Column) -> bool:
    """Whether staging can make the contract's type of it: text is never cast to a time or a number without a person."""
    if target.endswith("_at"):
        return column.data_type in {"timestamp", "date"} or is_epoch(column)
    if "amount" in target or target.endswith("_count"):
        return column.data_type in {"bigint", "double"} or column.data_type.startswith("decimal")
    return column.data_type != "json" or target == "properties"


def is_epoch(column: Column) -> bool:
    """Whether all values can be seconds or milliseconds since 1970; a day written as 20240131 cannot."""
    return column.data_type == "bigint" and all(int(text) > 100_000_000 for text in column.examples)


def is_epoch_millis(column: Column) -> bool:
    return is_epoch(column) and any(int(text) > 100_000_000_000 for text in column.examples)


def _telling(sample: Sample, feed: str) -> int:
    return sum(not target.endswith(("_at", "status")) for target in match(sample, feed))


def _normalised(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
