"""state.sqlite: what must be current between runs and survive the loss of the warehouse.

Belongs here: opening it, and the definition of its tables.
Must not go here: the queries; each room writes its own.
Concept: DESIGN, section 3; SQLite, since it has no single-process lock and commits durably in under a millisecond.
"""

import os
import sqlite3

from warehouse.errors import CdpError
from warehouse.home import Home

TABLES = """
create table if not exists settings (name text primary key, value text not null);
create table if not exists landed_files (
    source text not null, table_name text not null, file text not null, sha256 text not null, bytes integer not null,
    landed_at text not null, original_name text not null, primary key (source, table_name, file)
);
create table if not exists loads (
    load_id text not null, source text not null, table_name text not null, file text not null, sha256 text not null,
    bytes integer not null, received integer, loaded integer, quarantined integer, duplicate integer,
    suppressed integer default 0, started_at text not null, finished_at text, status text not null,
    primary key (load_id, source, table_name, file)
);
create table if not exists cursors (
    source text not null, resource text not null, value text, updated_at text not null, primary key (source, resource)
);
create table if not exists gate_results (
    result_id text primary key, run_id text not null, suite text not null, table_name text not null,
    layer text not null, build text, passed integer not null, severity text,
    expectations_count integer not null, failed_count integer not null,
    warned_count integer not null, details text not null, checked_at text not null
);
create index if not exists gate_results_by_table on gate_results (table_name, checked_at);
create table if not exists runs (
    run_id text primary key, started_at text not null, finished_at text, status text not null, trigger text not null,
    generation text, summary text
);
create table if not exists alerts (key text primary key, state text not null, changed_at text not null);
create table if not exists judgements (
    sequence integer primary key autoincrement, judgement_id text not null, record_id_l text not null,
    record_id_r text not null, verdict text not null check (verdict in ('same', 'different', 'unsure', 'withdrawn')),
    author text not null, reason text not null, recorded_at text not null, expires_at text, withdraws text,
    check (record_id_l < record_id_r), check ((verdict = 'withdrawn') = (withdraws is not null))
);
create index if not exists judgements_by_pair on judgements (record_id_l, record_id_r);
create trigger if not exists judgements_are_never_changed before update on judgements
begin select raise(abort, 'judgements are append-only'); end;
create table if not exists consents (
    sequence integer primary key autoincrement, event_id text not null, source text not null, record_id text,
    contact_point_type text not null, contact_point text not null, purpose text not null, channel text not null,
    status text not null check (status in ('granted', 'denied', 'withdrawn', 'expired')),
    effective_at text not null, recorded_at text not null, expires_at text, legal_basis text, policy_version text,
    proof text, author text,
    unique (contact_point, contact_point_type, purpose, channel, event_id, status, effective_at)
);
create index if not exists consents_by_record on consents (record_id);
create trigger if not exists consents_are_never_changed before update on consents
begin select raise(abort, 'consent decisions are append-only'); end;
create table if not exists labels (
    judgement_id text primary key, generation text not null, model_version text, stratum text not null,
    match_probability real not null, draw_probability real not null, labelled_at text not null
);
create table if not exists tombstones (
    identifier_type text not null, identifier_hmac text not null, created_at text not null, reason text not null,
    primary key (identifier_type, identifier_hmac)
);
create table if not exists crosswalk (
    record_id text primary key, customer_id text not null, imported_at text not null
);
"""


def open_state(home: Home) -> sqlite3.Connection:
    """A connection to state.sqlite with every table present; durable on commit, rows by name.

    Raises CdpError where the file is no database, or may not be written.
    """
    home.make()
    try:
        return _opened(home)
    except sqlite3.DatabaseError as error:
        raise CdpError(
            f"{home.state} cannot be used: {error}",
            remedy="It must be whole, held by no other process for long, and yours to write, as must its folder.",
        ) from None


def _opened(home: Home) -> sqlite3.Connection:
    if not home.state.exists():
        os.close(os.open(home.state, os.O_WRONLY | os.O_CREAT, 0o600))
    state = sqlite3.connect(home.state, timeout=30)
    state.row_factory = sqlite3.Row
    state.execute("pragma journal_mode = wal")
    state.execute("pragma synchronous = full")
    state.executescript(TABLES)
    return state
