"""What a run did, in a screenful.

Belongs here: reading the record of a run and printing it. Must not go here: the record itself.
"""

import json
from contextlib import closing
from typing import Any

from cli.show import table
from warehouse.home import Home
from warehouse.state import open_state


def print_summary(home: Home) -> None:
    """The last run: rows in, gates, identity, what was published."""
    run = last_run(home)
    if run is None:
        return
    facts = run["summary"]
    print(f"\nRun {run['run_id'][:8]} {run['status']}, generation {run['generation'] or '(none)'}")
    _print_load(facts.get("load", {}))
    _print_gates(home, run["run_id"])
    _print_consents(facts.get("consents"))
    _print_identity(facts)
    if rows := facts.get("published"):
        table(["published", "rows"], sorted(rows.items()))


def last_run(home: Home) -> dict[str, Any] | None:
    """The newest run on record; None where there is none, and then nothing is made to say so."""
    if not home.state.exists() and (home.root.is_dir() or not home.root.exists()):
        return None
    with closing(open_state(home)) as state:
        rows = state.execute("select * from runs order by started_at desc limit 1").fetchall()
    return dict(rows[0]) | {"summary": json.loads(rows[0]["summary"] or "{}")} if rows else None


def gate_lines(home: Home, run_id: str) -> list[tuple[str, int, int, int]]:
    """Per layer of one run: layer, suites, blocked, with warnings."""
    with closing(open_state(home)) as state:
        rows = state.execute(
            "select layer, count(*), sum(1 - passed), sum(warned_count > 0) from gate_results where run_id = ? "
            "group by layer order by min(checked_at)",
            (run_id,),
        ).fetchall()
    return [tuple(row) for row in rows]


def _print_load(load: dict[str, Any]) -> None:
    if load:
        kinds = ("received", "loaded", "quarantined", "duplicate")
        totals = {kind: sum(counts[kind] for counts in load["tables"]) for kind in kinds}
        print("  rows: " + ", ".join(f"{total:,} {kind}" for kind, total in totals.items()))
        for warning in load["warnings"]:
            print(f"    warning: {warning}")
        if unused := load.get("unused"):
            print(f"    unused, since no file of theirs ever came: {', '.join(sorted(unused))}")


def _print_gates(home: Home, run_id: str) -> None:
    for layer, suites, blocked, warned in gate_lines(home, run_id):
        print(f"  gate {layer}: {suites} suites, {blocked} blocked, {warned} with warnings")


def _print_consents(consents: dict[str, Any] | None) -> None:
    if consents:
        aside = ", ".join(f"{count:,} {reason}" for reason, count in consents["set_aside"].items())
        told = f", set aside: {aside}" if aside else ""
        print(f"  consents: decisions {consents['decisions']:,}, new {consents['new']:,}{told}")


def _print_identity(facts: dict[str, Any]) -> None:
    if ids := facts.get("identity"):
        print("  identity: " + _figures(ids))
    if groups := {name: value for name, value in facts.get("groups", {}).items() if value}:
        print("  groups: " + _figures(groups))
    if score := facts.get("score"):
        print("  against the truth: " + _figures(score))
    for name, score in facts.get("group_scores", {}).items():
        pairs = {measure: value for measure, value in score.items() if measure.startswith("pair")}
        print(f"  {name} against the truth: {_figures(pairs)}")


def _figures(facts: dict[str, Any]) -> str:
    """What is not known, such as a model where none was needed, is left out."""
    known = {name: value for name, value in facts.items() if value is not None}
    return ", ".join(f"{name.replace('_', ' ')} {_number(value)}" for name, value in known.items())


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
