"""A hand-made warehouse, manifest and set of gate results, small enough to know by heart.

Belongs here: what the tests of publishing share. Must not go here: assertions.
Concept: every raw value that a mask must hide carries the word `canary`, so a byte scan finds it anywhere.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from publishing.publish import Published, publish
from warehouse.builds import current_build, stamp
from warehouse.connection import connect
from warehouse.home import Home
from warehouse.run import RunContext
from warehouse.state import open_state

PEOPLE = 200
REQUIRED = ("profiles.customers", "profiles.customer_timeline", "identity.edges")
CUSTOMERS = {
    "customer_id": ("varchar", "keep"),
    "version": ("integer", "keep"),
    "full_name": ("varchar", "drop"),
    "given_name": ("varchar", "initial"),
    "email": ("varchar", "domain"),
    "phone": ("varchar", "keyed_hash"),
    "birth_date": ("date", "year"),
    "country": ("varchar", "keep"),
    "attributes": ("json", "drop"),
}
TIMELINE = {
    "event_id": ("varchar", "keep"),
    "customer_id": ("varchar", "keep"),
    "version": ("integer", "keep"),
    "title": ("varchar", "drop"),
}
SEGMENTS = {"segment": ("varchar", "keep"), "version": ("integer", "keep")}


def column(name: str, data_type: str, mask: str | None) -> dict[str, Any]:
    meta = {"mask": mask} if mask else {}
    return {"name": name, "data_type": data_type, "description": f"the {name}", "config": {"meta": meta}}


def model(name: str, layer: str, columns: dict[str, tuple[str, str | None]], key: list[str]) -> dict[str, Any]:
    """A public model as dbt's manifest has it."""
    return {
        "unique_id": f"model.cdp.{name}",
        "resource_type": "model",
        "name": name,
        "alias": name,
        "schema": layer,
        "access": "public",
        "description": f"What the company's {name} are",
        "config": {"access": "public", "contract": {"enforced": True}, "meta": {"key": key}},
        "columns": {name: column(name, *declared) for name, declared in columns.items()},
    }


def public_models() -> list[dict[str, Any]]:
    return [
        model("customers", "profiles", CUSTOMERS, ["customer_id"]),
        model("customer_timeline", "profiles", TIMELINE, ["event_id", "customer_id"]),
        model("segments", "segments", SEGMENTS, ["segment"]),
    ]


def carried_source() -> dict[str, Any]:
    return {
        "unique_id": "source.cdp.identity.edges",
        "resource_type": "source",
        "name": "edges",
        "identifier": "edges",
        "schema": "identity",
        "description": "Pairs of records",
        "config": {"meta": {"carried": True, "key": ["record_id_l", "record_id_r"]}},
        "columns": {},
    }


def private_activation_model() -> dict[str, Any]:
    private = model("sync_hubspot__contacts", "activation", {}, [])
    return private | {"access": "protected", "config": {"access": "protected", "meta": {}}}


def write_manifest(home: Home, nodes: list[dict[str, Any]] | None = None) -> Path:
    home.prepare()
    nodes = nodes or [*public_models(), carried_source(), private_activation_model()]
    content: dict[str, Any] = {"nodes": {}, "sources": {}}
    for node in nodes:
        content["sources" if node["resource_type"] == "source" else "nodes"][node["unique_id"]] = node
    path = home.dbt_target / "manifest.json"
    path.write_text(json.dumps(content))
    return path


def run_context(number: int = 1) -> RunContext:
    moment = datetime(2026, 11, 1, 12, number % 60)
    return RunContext(f"run{number:05d}", moment, moment)


def fill(con: duckdb.DuckDBPyConnection, version: int = 1, people: int = PEOPLE) -> None:
    """Build every table, as a run would; each row names the version that it belongs to."""
    for schema in ("profiles", "segments", "identity", "activation"):
        con.execute(f"create schema if not exists {schema}")
    tables = {
        "profiles.customers": f"""
            select
                'cus_' || lpad(i::varchar, 6, '0') as customer_id, {version} as version,
                'Canary Name' || i as full_name, 'Zoë' as given_name,
                'canary.' || i || '@Example.com' as email, '+1canary' || i as phone,
                date '1950-03-04' + i::integer as birth_date, 'NL' as country,
                json_object('note', 'canary json ' || i) as attributes
            from range({people}) as t (i)""",
        "profiles.customer_timeline": f"""
            select 'ev' || j as event_id, 'cus_' || lpad((j % {people})::varchar, 6, '0') as customer_id,
                {version} as version, 'canary title ' || j as title
            from range({people * 3}) as t (j)""",
        "segments.segments": f"select unnest(['a', 'b']) as segment, {version} as version",
        "identity.edges": f"select 'a:1' as record_id_l, 'b:2' as record_id_r, {version} as version",
        "activation.sync_hubspot__contacts": f"select 'canary@example.com' as email, {version} as version",
    }
    for name, query in tables.items():
        con.execute(f"create or replace table {name} as {query} order by random()")
        stamp(con, name)


def gate(home: Home, con: duckdb.DuckDBPyConnection, tables: tuple[str, ...] = REQUIRED, **changed: Any) -> None:
    """Write one result per table on its current build: passing unless `changed` says otherwise."""
    state = open_state(home)
    with state:
        for table in tables:
            row = {
                "result_id": f"{table} {state.total_changes}",
                "run_id": "run",
                "suite": table.replace(".", "__"),
                "table_name": table,
                "layer": table.split(".")[0],
                "build": current_build(con, table),
                "passed": 1,
                "severity": None,
                "expectations_count": 4,
                "failed_count": 0,
                "warned_count": 0,
                "details": '{"rows": 1, "findings": []}',
                "checked_at": "2026-11-01T12:00:00+00:00",
            } | changed
            row["result_id"] += f" {state.execute('select count(*) from gate_results').fetchall()[0][0]}"
            state.execute(
                f"insert into gate_results ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
            )
    state.close()


def publish_version(home: Home, version: int = 1, people: int = PEOPLE) -> Published:
    """A whole run in small: build, gate, publish."""
    write_manifest(home)
    con = connect(home)
    try:
        fill(con, version, people)
        gate(home, con)
        return publish(home, con, run_context(version), REQUIRED)
    finally:
        con.close()
