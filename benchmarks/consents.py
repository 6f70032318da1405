"""Random consent decisions through the ledger and the model `consents`: seconds, and whether all answers are right.

Belongs here: the ledger of governance/ and one model on made decisions. Must not go here: a whole run (whole_job.py).
Concept: every answer of the SQL model is compared with the pure algebra (governance/consent_algebra.py).
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import typer
from jinja2 import Environment

from benchmarks.measure import machine
from governance.consent_algebra import heard, standing
from governance.consent_ledger import merge_consents
from governance.consents import consents_on
from warehouse.connection import connect
from warehouse.home import PROJECT, Home

MODELS, MACROS = PROJECT / "dbt_project" / "models" / "profiles", PROJECT / "dbt_project" / "macros" / "consents.sql"
# People are asked three times on average, by one of four systems; every tenth decision is about a shared contact point.
TELL = """
    create schema conformed;
    create table conformed.int_consents as
    select
        'e' || i as consent_id, ['crm', 'mail', 'shop', 'web'][1 + (random() * 4)::int % 4] as source,
        'crm:' || person as record_id, 'email' as contact_point_type,
        if(random() < 0.1, 'shared' || person % 100, 'person' || person) || '@example.org' as contact_point_std,
        ['email', 'sms', 'ads'][1 + (random() * 3)::int % 3] as channel,
        ['marketing', 'service'][1 + (random() * 2)::int % 2] as purpose,
        ['granted', 'granted', 'denied', 'withdrawn'][1 + (random() * 4)::int % 4] as status,
        timestamp '2024-01-01' + interval (floor(random() * 1000)) day as effective_at,
        timestamp '2026-10-01' as recorded_at,
        if(random() < 0.2, timestamp '2025-01-01' + interval (floor(random() * 1000)) day, null) as expires_at,
        'consent' as legal_basis, '2026-03' as policy_version, '/preferences' as proof, null::varchar as rejected_reason
    from (select i, floor(random() * $people)::bigint as person from range($decisions) as rows (i));
"""
HELD = """
    create table int_identifiers as
    select distinct record_id, 'email' as identifier_type, contact_point_std as identifier_value_std
    from conformed.int_consents;
    create table identity_map as
    select distinct record_id, 'cus_' || record_id as customer_id, false as is_device from conformed.int_consents;
    create table int_records (record_id varchar, street_std varchar, house_number_std varchar,
        postal_code_std varchar, country_std varchar);
    create table int_postal_addresses (record_id varchar, postal_address_std varchar);
    create table run as select timestamp '2026-11-01' as as_of;
"""


def rendered(model: str) -> str:
    """A model of consent as SQL over tables named as it names them; the run's moment is in `run`."""
    said = Environment().from_string(MACROS.read_text()).make_module({"return": str})
    cdp = SimpleNamespace(
        strictness=said.strictness, postal_address=said.postal_address, as_of=lambda: "(select as_of from run)"
    )
    given = {"cdp": cdp, "ref": str, "source": lambda _, table: table}
    return Environment().from_string((MODELS / f"{model}.sql").read_text()).render(given)


def main(decisions: int = 100_000, seed: float = 0.4) -> None:
    """Print seconds of each step, and how many answers differ from the algebra's."""
    print(f"# {decisions:,} random consent decisions — {machine()}, DuckDB {duckdb.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).prepare()
        con = connect(home)
        con.execute("select setseed($seed)", {"seed": seed})
        con.execute("set threads = 1")  # random() is repeatable on one thread alone
        con.execute(TELL.replace("$people", str(decisions // 3)).replace("$decisions", str(decisions)))
        con.execute("reset threads")
        con.execute(HELD)
        _timed("merged into the ledger and given back", lambda: merge_consents(home, con))
        _timed("merged again, with nothing new", lambda: merge_consents(home, con))
        con.execute("create view consent_decisions as from identity.consent_decisions")
        for model in ("int_consent_words", "consents"):
            _timed(f"model {model}", lambda of=model: con.execute(f"create table {of} as {rendered(of)}"))
        differing, answers = _timed("algebra, in Python, of the same ledger", lambda: _compared(home, con))
        print(f"answers: {answers:,}; that differ: {differing:,}")
        con.close()


def _compared(home: Home, con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    at = con.execute("select as_of from run").fetchall()[0][0]
    points = con.execute("select distinct contact_point_type, contact_point from consent_decisions").fetchall()
    told = {one.decision: one.decision_id for one in consents_on(home, points)}
    expected = set()
    for question, by_source in heard(told, at).items():
        found = standing(by_source, at)
        expected.add((question.contact_point, question.purpose, question.channel, found.status, told[found.decision]))
    query = "select distinct contact_point, purpose, channel, status, decision_id from consents"
    return len(expected ^ set(con.execute(query).fetchall())), len(expected)


def _timed(what: str, step: Callable[[], Any]) -> Any:
    begun = time.monotonic()
    result = step()
    print(f"{what}: {time.monotonic() - begun:.2f} s")
    return result


if __name__ == "__main__":
    typer.run(main)
