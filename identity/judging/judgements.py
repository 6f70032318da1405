"""Judgements in a run: the snapshot of what people decided, what of it is honoured, and the edges that it makes.

Belongs here: the way from the store into the warehouse. Must not go here: the store (governance/judgements.py), how
clusters keep to a verdict (clustering/linkage.py).
Concept: DESIGN, sections 3 and 6. A run reads the store once, at its start, by file; what is decided meanwhile waits
for the next. A verdict that newer ones rule out is a row that says so.

Makes temporary table judgement (the shape of identity.judgements): judgement_id, record_id_l < record_id_r, verdict,
author, recorded_at, expires_at, outcome: honoured, overruled (newer judgements rule it out), record unknown (a record
is gone), or unsure (no effect).
"""

import json
from dataclasses import asdict
from datetime import datetime

import duckdb

from governance.judgements import counting, overruled
from identity.roles import Roles
from warehouse.home import Home

# More bits than any evidence has, for or against.
JUDGED_WEIGHT = 60.0
COLUMNS = {
    "sequence": "bigint",
    "judgement_id": "varchar",
    "record_id_l": "varchar",
    "record_id_r": "varchar",
    "verdict": "varchar",
    "author": "varchar",
    "recorded_at": "timestamp",
    "expires_at": "timestamp",
}


def take_snapshot(home: Home, con: duckdb.DuckDBPyConnection, roles: Roles, as_of: datetime | None) -> None:
    """Make `judgement` of what counts at as_of, the moment that the run speaks of; by default now."""
    _load(home, con, as_of)
    con.execute(f"create or replace temp table judgeable as {_judgeable_sql(roles)}")
    known = con.execute("""
        select judgement_id, record_id_l, record_id_r, verdict
        from counting_judgement
        semi join judgeable as l on record_id_l = l.record_id
        semi join judgeable as r on record_id_r = r.record_id
        order by sequence desc
    """).fetchall()
    losers = [known[position][:3] for position in overruled(row[1:] for row in known)]
    ids, lefts, rights = zip(*losers, strict=True) if losers else ((), (), ())
    con.execute(
        f"create or replace temp table judgement as {_outcome_sql()}",
        {"ids": list(ids), "lefts": list(lefts), "rights": list(rights)},
    )


def _load(home: Home, con: duckdb.DuckDBPyConnection, as_of: datetime | None) -> None:
    """`counting_judgement`, through a file of JSON lines. The reason stays in the store: it is free text."""
    file = home.tmp / "judgements.jsonl"
    with open(file, "w", encoding="utf-8") as lines:
        for judgement in counting(home, as_of):
            row = {name: value for name, value in asdict(judgement).items() if name in COLUMNS}
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    con.execute(
        "create or replace temp table counting_judgement as "
        f"from read_json($file, format = 'newline_delimited', columns = {{{typed}}})",
        {"file": str(file)},
    )
    file.unlink()


def _judgeable_sql(roles: Roles) -> str:
    """The judged records and devices that this run has; a search for few among many."""
    judged = "select record_id_l from counting_judgement union all select record_id_r from counting_judgement"
    devices = f"union select record_id from {roles.identifiers} where record_id in ({judged})"
    return f"""
        select {roles.unique_id}::varchar as record_id
        from {roles.records}
        where {roles.unique_id}::varchar in ({judged}) {devices if roles.identifiers else ""}
    """


def _outcome_sql() -> str:
    return """
        with losers as (
            select unnest($ids::varchar[]) as judgement_id,
                unnest($lefts::varchar[]) as record_id_l,
                unnest($rights::varchar[]) as record_id_r,
                true as is_overruled
        )
        select
            judgement_id, record_id_l, record_id_r, verdict, author, recorded_at, expires_at,
            case
                when record_id_l not in (from judgeable) or record_id_r not in (from judgeable) then 'record unknown'
                when is_overruled then 'overruled'
                when verdict = 'unsure' then 'unsure'
                else 'honoured'
            end as outcome
        from counting_judgement
        left join losers using (judgement_id, record_id_l, record_id_r)
    """


def judged_edges_sql() -> str:
    """Honoured verdicts in the shape of identity.edges, beside the model's own edge of the pair.

    Clustering asks for the verdict, never for its weight; the weight is for whoever reads edges by weight. Which
    judgement it was says identity.judgements.
    """
    return f"""
        select
            record_id_l,
            record_id_r,
            'judgement' as kind,
            'judged_' || verdict as rule,
            if(verdict = 'same', {JUDGED_WEIGHT}, -{JUDGED_WEIGHT})::double as match_weight,
            if(verdict = 'same', 1, 0)::double as match_probability,
            null::varchar as evidence,
            null::varchar as model_version,
            verdict = 'different' as is_cut,
            case when verdict = 'different' then 'judged different' end as cut_reason
        from judgement
        where outcome = 'honoured'
    """
