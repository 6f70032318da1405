"""What the demo company sells and says: Fernhill makes things for desks and labels, and Fernhill Flows, an app for workflows. Data alone."""
# ruff: noqa: E501

# sku, title, price in euros
PRODUCTS = [
    ("LBL-100", "Label printer Pico", 79.0),
    ("LBL-200", "Label printer Grande", 189.0),
    ("LBL-310", "Label printer Dispatch", 329.0),
    ("TAP-01", "Label tape, white, 12 mm", 8.9),
    ("TAP-02", "Label tape, clear, 12 mm", 9.4),
    ("TAP-03", "Label tape, fern green, 9 mm", 8.4),
    ("TAP-09", "Label tape, ten rolls", 69.0),
    ("LMP-10", "Desk lamp Heron", 119.0),
    ("LMP-20", "Clamp lamp Wren", 64.0),
    ("LMP-30", "Reading lamp Owl", 149.0),
    ("DSK-10", "Standing desk Alder", 549.0),
    ("DSK-20", "Standing desk Alder, wide", 649.0),
    ("DSK-90", "Cable tray", 29.0),
    ("CHR-10", "Desk chair Moss", 389.0),
    ("CHR-20", "Stool Pebble", 129.0),
    ("PLN-25", "Weekly planner", 24.0),
    ("PLN-26", "Daily planner", 32.0),
    ("PLN-30", "Wall planner, one year", 19.0),
    ("NTB-05", "Notebook A5, dotted", 14.0),
    ("NTB-06", "Notebook A5, lined", 14.0),
    ("NTB-10", "Notebook A4, plain", 18.0),
    ("PEN-01", "Fineliner set", 16.5),
    ("PEN-02", "Fountain pen Stem", 45.0),
    ("PEN-03", "Ink, fern green", 12.0),
    ("BOX-01", "Archive box", 11.0),
    ("BOX-05", "Archive boxes, five", 49.0),
    ("MAT-01", "Desk mat, wool", 59.0),
    ("MAT-02", "Desk mat, cork", 44.0),
    ("STD-01", "Laptop stand Bracket", 74.0),
    ("STD-02", "Monitor arm Bough", 139.0),
    ("SCN-01", "Document scanner Leaf", 279.0),
    ("SCN-02", "Receipt scanner Bud", 159.0),
    ("KEY-01", "Keyboard Slate", 99.0),
    ("MSE-01", "Mouse Acorn", 54.0),
    ("BAG-01", "Laptop sleeve", 39.0),
    ("BAG-02", "Tool roll", 35.0),
    ("GFT-50", "Gift card 50", 50.0),
    ("WRP-01", "Wrapping paper", 6.5),
    ("CLK-01", "Desk clock Sundial", 84.0),
    ("PLT-01", "Desk plant with pot", 27.0),
]
STORES = {"GB": ["LDN1", "MAN1", "EDI1"], "DE": ["BER1", "HAM1", "MUC1"], "US": ["NYC1", "CHI1", "AUS1"]}
TENDERS = ["card", "card", "card", "cash", "contactless", "gift_card"]
DISCOUNT_CODES = ["WELCOME10", "FERN15", "SUMMERDESK", "TEAM20", "SORRY5"]
RETURN_NOTES = ["arrived damaged", "wrong colour", "changed my mind", "does not fit the desk", "ordered twice"]
# (id, name, unit amount in cents a month)
PLANS = [
    ("prod_flows_solo", "Fernhill Flows Solo", 1200),
    ("prod_flows_team", "Fernhill Flows Team", 2900),
    ("prod_flows_business", "Fernhill Flows Business", 5900),
]
FEATURES = [
    "approvals",
    "label_designer",
    "scan_inbox",
    "templates",
    "automations",
    "reports",
    "shared_calendar",
    "api_keys",
    "integrations",
]
# campaign name, subject; the newest last, one a week
CAMPAIGNS = [
    ("Autumn desks", "A desk for the dark months"),
    ("Tape club", "Ten rolls, one fern"),
    ("Flows: templates", "Start from a template"),
    ("Clear the inbox", "Scan it, label it, forget it"),
    ("Store evenings", "Come and try the Alder desk"),
    ("Flows: reports", "Your week in one page"),
    ("Lamps", "Light that follows you"),
    ("Planner season", "Next year, on one wall"),
    ("Flows: approvals", "Approvals, now twice as quick"),
]
TICKET_SUBJECTS = [
    ("Printer does not connect", "The label printer is on but the app does not find it."),
    ("Invoice question", "I do not understand line two of my invoice."),
    ("Where is my order?", "The parcel has not moved for four days."),
    ("Return of a lamp", "How do I send the lamp back?"),
    ("Cannot sign in", "The reset link says that it has expired."),
    ("Tape jams", "The tape jams after two labels."),
    ("Change of address", "Please use my new address from now on."),
    ("Workflow stopped", "Our approval flow stopped at step three."),
    ("Add a colleague", "How do I invite somebody to our workspace?"),
    ("Cancel subscription", "We want to leave at the end of the month."),
    ("Wrong item", "I received the wide desk, I ordered the narrow one."),
    ("Data export", "How do I export all of our labels?"),
]
CALL_TITLES = ["Intro call", "Renewal talk", "Quarterly review", "Demo of Flows", "Missed call back"]
NOTE_BODIES = [
    "Wants a quote for ten seats.",
    "Prefers e-mail to calls.",
    "Compares us with another vendor.",
    "Happy with the printers; asks about scanners.",
    "Budget is decided in spring.",
]
TASK_TITLES = ["Send the quote", "Follow up on trial", "Check open invoice", "Prepare renewal", "Call about usage"]
FORMS = [
    ("Contact us", "/contact"),
    ("Book a demo", "/flows/demo"),
    ("Download: labelling guide", "/guides/labelling"),
    ("Webinar: paperless office", "/webinars/paperless"),
]
INDUSTRIES = [
    "Logistics",
    "Health care",
    "Retail",
    "Legal services",
    "Architecture",
    "Education",
    "Manufacturing",
    "Hospitality",
    "Software",
    "Public sector",
]
JOB_TITLES = [
    "Office manager",
    "Operations lead",
    "Head of procurement",
    "IT administrator",
    "Managing director",
    "Assistant",
    "Team lead",
    "Accountant",
    "Warehouse manager",
    "Analyst",
]
COMPANY_WORDS = ["Lindenhof", "Harbour", "Northgate", "Kestrel", "Bluebird", "Copperfield", "Atlas", "Meridian", "Juniper", "Saltmarsh", "Quarry", "Lantern", "Bramble", "Falken", "Ostwind", "Weserland", "Rheintal", "Alpenglanz", "Nordlicht", "Hanse", "Silbersee", "Prairie", "Redwood", "Bayou", "Cascade", "Mesa", "Pinecrest", "Liberty", "Granite", "Lakeside", "Ironwood", "Cobalt", "Vela", "Tessera", "Orbit", "Marlow", "Pennine", "Thistle", "Severn", "Wharf", "Beacon", "Foundry", "Mosaic", "Sterling", "Halcyon", "Arbor", "Tern", "Heron", "Plover", "Osprey"]
COMPANY_TRADES = {
    "GB": [
        "Logistics",
        "Clinics",
        "Interiors",
        "Partners",
        "Foods",
        "Studios",
        "Engineering",
        "Books",
        "Trading",
        "Travel",
    ],
    "DE": ["Logistik", "Technik", "Bau", "Apotheken", "Druck", "Handel", "Planung", "Reisen", "Gastro", "Werkzeuge"],
    "US": [
        "Logistics",
        "Dental",
        "Holdings",
        "Realty",
        "Outfitters",
        "Robotics",
        "Catering",
        "Legal",
        "Supply",
        "Health",
    ],
}
COMPANY_FORMS = {
    "GB": ["Ltd", "Limited", "LLP", "plc"],
    "DE": ["GmbH", "AG", "GmbH & Co. KG", "e.K."],
    "US": ["Inc.", "LLC", "Corp.", "Co."],
}
STAFF = [
    ("Ingrid", "Solberg"),
    ("Marcus", "Achebe"),
    ("Yara", "Kaplan"),
    ("Tom", "Ferreira"),
    ("Jördis", "Hahn"),
    ("Priscilla", "Nakata"),
    ("Ruben", "Castellano"),
    ("Wren", "Abernathy"),
]
