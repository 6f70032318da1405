"""`cdp identity resolve` and `score`: any file of records, and how right an answer is.

Belongs here: the two commands. Must not go here: the linkage (identity/).
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.show import step


def resolve(
    records: Annotated[Path, typer.Option(help="A .parquet or .csv file, one record per row.")],
    roles: Annotated[Path, typer.Option(help="YAML that says which column plays which role.")],
    out: Annotated[Path, typer.Option(help="Folder for assignments.parquet and report.json.")],
) -> None:
    """Find out which records of a file are one person, from a declaration of its columns alone.

    Example: cdp identity resolve --records people.csv --roles roles.yml --out /tmp/people
    """
    from identity.whole import resolve_file

    with step(f"resolving {records.name}"):
        answer = resolve_file(records, roles, out)
    for warning in answer.warnings:
        print(f"  warning: {warning}")
    print(f"{answer.records:,} records are {answer.entities:,} entities; {out}/assignments.parquet, {out}/report.json")


def score(
    assignments: Annotated[Path, typer.Option(help="unique_id, entity_id; .parquet or .csv.")],
    truth: Annotated[Path, typer.Option(help="unique_id, entity_id; .parquet or .csv.")],
) -> None:
    """Compare an answer with a known truth: JSON with pair and B³ precision, recall and F1.

    Example: cdp identity score --assignments /tmp/people/assignments.parquet --truth truth.csv
    """
    from identity.watching.score import score_files

    print(json.dumps(score_files(assignments, truth), indent=1))
