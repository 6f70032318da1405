"""A file in, its entities out: the platform's own linkage over a declaration, without the platform around it.

Belongs here: the order of the steps and the report. Must not go here: how any of them works.
Concept: nothing is kept but the answer and the report; the model lives in a folder that goes with the process.
"""

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from identity.clustering.clusters import make_clusters
from identity.declared import read_records
from identity.matching.edges import score_edges
from identity.roles import read_roles
from warehouse.connection import connect
from warehouse.home import Home


@dataclass(frozen=True)
class Answer:
    """How many records and entities there are, what each step reports, what should be said."""

    records: int
    entities: int
    warnings: tuple[str, ...]
    report: dict[str, Any]


def resolve_file(records: Path, declaration: Path, out: Path) -> Answer:
    """Write out/assignments.parquet (unique_id, entity_id; every record once) and out/report.json.

    entity_id is the smallest unique_id of the entity. Raises CdpError for a wrong declaration or file.
    """
    roles = read_roles(declaration)
    out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="cdp-resolve-"))
    try:
        home = Home(folder).prepare()
        con = connect(home)
        given = read_records(con, records, roles)
        score_edges(home, con, given.roles)
        make_clusters(con, given.roles)
        report = _report(con)
        _write(con, out / "assignments.parquet")
        entities = con.execute("select count(distinct cluster_id) from identity.clusters").fetchall()[0][0]
        con.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    answer = Answer(given.records, entities, given.warnings, report)
    (out / "report.json").write_text(json.dumps(asdict(answer), indent=1, default=str))
    return answer


def _report(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Counts of every step; no value of any record."""
    names = (
        "rule", "block_cap", "pairs_count", "cut_blocks_count", "cut_records_count", "matches_count",
        "lone_matches_count",
    )  # fmt: skip
    loss = con.execute("select max(estimated_recall_loss) from identity.blocking_rules").fetchall()[0][0]
    blocks = con.execute(f"select {', '.join(names)} from identity.blocking_rules order by all").fetchall()
    cut = con.execute("select identifier_type, reason, count(*) from identity.cut_identifiers group by all").fetchall()
    return {
        "blocking": [dict(zip(names, row, strict=True)) for row in blocks],
        "estimated_recall_loss": loss,
        "cut_identifiers": [dict(zip(("identifier_type", "reason", "count"), row, strict=True)) for row in cut],
        "edges": dict(con.execute("select kind, count(*) from identity.edges group by kind").fetchall()),
    }


def _write(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    draft = path.with_suffix(f".{os.getpid()}.parquet")
    escaped = str(draft).replace("'", "''")
    con.execute(
        "copy (select record_id as unique_id, cluster_id as entity_id from identity.clusters order by 1) "
        f"to '{escaped}' (format parquet)"
    )
    os.replace(draft, path)
