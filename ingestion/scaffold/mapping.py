"""Which column of a new source is which column of the conformed contract.

Belongs here: the names that vendors give to the same thing. Must not go here: SQL of whole models (write.py).
Concept: a guess that a person reads before it runs; what is not recognised is said, never dropped in silence.
"""

import re
from dataclasses import dataclass

from ingestion.scaffold.sample import Sample

# feed → contract column → names it goes by, normalised to lower case without separators.
PERSON = {
    "full_name": ("name", "fullname", "displayname", "contactname", "customername", "accountname"),
    "given_name": ("firstname", "givenname", "forename", "vorname"),
    "middle_name": ("middlename",),
    "family_name": ("lastname", "familyname", "surname", "nachname"),
    "birth_date": ("birthdate", "dateofbirth", "dob", "birthday"),
    "gender": ("gender", "sex"),
    "email": ("email", "emailaddress", "mail", "contactemail", "useremail"),
    "phone": ("phone", "phonenumber", "telephone", "mobile", "mobilephone", "tel"),
    "street": ("street", "address", "address1", "addressline1", "line1", "billingaddress", "streetaddress"),
    "house_number": ("housenumber", "houseno"),
    "city": ("city", "town", "ort"),
    "region": ("region", "state", "province", "county"),
    "postal_code": ("postalcode", "postcode", "zip", "zipcode", "plz"),
    "country": ("country", "countrycode"),
    "company_name": ("company", "companyname", "organisation", "organization", "employer"),
    "job_title": ("jobtitle", "title", "position", "role"),
    "created_at": ("createdat", "created", "createdate", "signedupat", "submittedat", "registeredat", "joinedon"),
    "updated_at": ("updatedat", "updated", "modifiedat", "lastmodified", "lastseenat", "lastloginat"),
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
    "event_name": ("eventname", "eventtype", "event", "action", "referraltype"),
    "occurred_at": ("occurredat", "timestamp", "eventat", "time", "createdat", "date"),
    "properties": ("properties", "payload", "attributes"),
    "page_url": ("url", "pageurl"),
    "anonymous_id": ("anonymousid", "deviceid", "visitorid"),
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
    "amount_due": ("amount", "amountdue", "total", "amountcents", "totalcents"),
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
    "total_amount": ("total", "amount", "totalamount", "totalprice", "amountcents", "totalcents"),
    "discount_amount": ("discount", "discountamount", "totaldiscounts"),
    "tax_amount": ("tax", "taxamount", "totaltax"),
}
ACTIVITY = {
    "activity_type": ("type", "activitytype", "kind", "referraltype"),
    "occurred_at": ("occurredat", "timestamp", "date", *PERSON["created_at"]),
    "title": ("title", "subject"),
    "body": ("body", "note", "notes", "text", "description"),
    "status": ("status", "state"),
}


@dataclass(frozen=True)
class Feed:
    """What a table may feed: the conformed model, the column that names its rows, and the names of its columns."""

    model: str
    id_column: str
    columns: dict[str, tuple[str, ...]]
    constants: tuple[tuple[str, str], ...] = ()


FEEDS = {
    "records": Feed("int_records", "record_id", PERSON),
    "accounts": Feed("int_accounts", "account_record_id", ACCOUNT),
    "events": Feed("int_events", "event_id", EVENT, (("event_type", "'track'"),)),
    "tickets": Feed("int_tickets", "ticket_id", TICKET),
    "invoices": Feed("int_invoices", "invoice_id", INVOICE),
    "orders": Feed("int_orders", "order_id", ORDER, (("channel", "'online'"),)),
    "activities": Feed("int_activities", "activity_id", ACTIVITY),
}


def guess_feed(sample: Sample) -> str | None:
    """The feed that recognises most columns beside dates, if any recognises two; people first on a tie."""
    return max(
        (feed for feed in FEEDS if _telling(sample, feed) >= 2), key=lambda feed: _telling(sample, feed), default=None
    )


def match(sample: Sample, feed: str) -> dict[str, str]:
    """Contract column → column of the sample. A column serves once; earlier synonyms win."""
    by_name: dict[str, str] = {}
    for column in sample.columns:
        by_name.setdefault(_normalised(column.name), column.name)
    found: dict[str, str] = {}
    for target, synonyms in FEEDS[feed].columns.items():
        name = next((by_name[synonym] for synonym in synonyms if synonym in by_name), None)
        if name and name not in found.values():
            found[target] = name
    return found


def _telling(sample: Sample, feed: str) -> int:
    return sum(not target.endswith(("_at", "status")) for target in match(sample, feed))


def _normalised(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
