"""A consent event that cannot count is in quarantine: where and why for everybody, the whole of it for who may see."""

import json
from pathlib import Path
from types import SimpleNamespace

import duckdb
from jinja2 import Environment

MODEL = Path(__file__).parents[3] / "dbt_project" / "models" / "profiles" / "quarantine.sql"
NOTHING = """
    select null::varchar as quarantine_id, null as source, null as table_name, null as file, null::bigint as line,
        null as column_name, null as reason, null as raw_content, null as load_id where false
"""
EVENTS = """
    create table lines (quarantine_id varchar, source varchar, table_name varchar, file varchar, line bigint,
        reason varchar, raw_line varchar, load_id varchar, quarantined_at timestamp);
    create table int_consents as
    select
        'crm:' || i as consent_id, 'crm' as source, 'crm:' || i as record_id, 'a@x.org' as contact_point_std,
        'email' as channel, 'fun' as purpose, 'denied' as status, timestamp '2026-10-01' as effective_at,
        timestamp '2026-10-02' as recorded_at, reason as rejected_reason
    from (values
        (1, null), (2, 'unknown purpose'), (3, 'no channel'), (4, 'unknown status'), (5, 'from the future'),
        (6, 'unknown contact point')
    ) as events (i, reason);
"""


def test_each_event_is_one_row_with_its_reason_and_nothing_of_it_is_lost():
    given = {
        "ref": str,
        "source": lambda *_: "lines",
        "cdp": SimpleNamespace(rejected_values=lambda _: NOTHING),
    }
    sql = Environment().from_string(MODEL.read_text()).render(given)
    with duckdb.connect() as con:
        con.execute(EVENTS)
        con.execute(f"create table quarantine as {sql}")
        found = con.execute("select kind, source, table_name, column_name, reason from quarantine order by reason")
        assert found.fetchall() == [
            ("event", "crm", "consents", "effective_at", "from the future"),
            ("event", "crm", "consents", "channel", "no channel"),
            ("event", "crm", "consents", "contact_point", "unknown contact point"),
            ("event", "crm", "consents", "purpose", "unknown purpose"),
            ("event", "crm", "consents", "status", "unknown status"),
        ]
        ids, kept = con.execute(
            "select count(distinct quarantine_id), min(raw_content) filter (where column_name = 'purpose') "
            "from quarantine"
        ).fetchall()[0]
    assert ids == 5
    assert json.loads(kept) == {
        "consent_id": "crm:2", "record_id": "crm:2", "contact_point": "a@x.org", "channel": "email", "purpose": "fun",
        "status": "denied", "effective_at": "2026-10-01 00:00:00",
    }  # fmt: skip
