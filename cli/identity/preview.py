"""`cdp identity preview`: what other roles or another threshold would do, before anything is published.

Belongs here: the command and its printing. Must not go here: the trial run (identity/watching/preview.py).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.show import say, table
from warehouse.errors import CdpError
from warehouse.home import Home

if TYPE_CHECKING:
    from identity.watching.preview import Passage, Preview

MODELS = {
    "kept": "the home's own model, {}",
    "trained": "model {}, trained for this preview: the home has none for these roles, so a run would train it too",
    "retrained": "model {}, learned from the records of today; `cdp identity train` would keep it",
    "none": "no model: too few records to train one",
}
COMPARED = ("records", "customers", "visitors")
CHANGES = ("joined", "left", "created", "restored", "split", "merged", "retired")


def preview(
    roles: Annotated[Path | None, typer.Option(metavar="NEW.yml", help="A changed copy of identity/roles.yml.")] = None,
    threshold: Annotated[
        float | None,
        typer.Option(metavar="BITS", help="Another cut for the clusters than the roles' cut_weight."),
    ] = None,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="A model learned from the records of today, as by `cdp identity train`.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write the changes to DIR/changes.parquet.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for scripts.")] = False,
) -> None:
    """People moved, ids retired, merges and splits that other settings would bring, against what is published.

    Works on a copy: nothing is changed, trained for good or published. Says which budgets a run would break. Exits
    with 75 when a run is in progress.

    Example: cdp identity preview --threshold 3 --out /tmp/stricter
    """
    from identity.roles import read_roles
    from identity.watching.preview import preview as try_out

    if roles is None and threshold is None and not retrain:
        raise CdpError(
            "None of --roles, --threshold and --retrain says what to try",
            remedy="Name a changed copy of identity/roles.yml, or another cut in bits: `--threshold 3`.",
        )
    declared = read_roles(roles) if roles else None
    found = try_out(Home.from_environment(), declared, threshold, out, _tell, retrained=retrain)
    if as_json:
        print(json.dumps(asdict(found), indent=1))
    else:
        _print(found)
        if out:
            print(f"\nEvery change is in {out / 'changes.parquet'}.")


def _tell(stage: str) -> None:
    print(f"  {stage} …", file=sys.stderr, flush=True)


def _print(found: Preview) -> None:
    effect = found.effect
    bits = f"{found.cut_weight:g} bit{'' if found.cut_weight == 1 else 's'}"
    model = MODELS[found.model].format(found.model_version)
    say(f"Against generation {found.generation}, with a cut of {bits} and {model}.")
    print()
    rows = [(name, effect[f"{name}_before_count"], effect[f"{name}_count"]) for name in COMPARED]
    largest = (effect["largest_cluster_records_before_count"], effect["largest_cluster_records_count"])
    table(["", "now", "then"], [*rows, ("records of the largest cluster", *largest)])
    print()
    say(
        f"{effect['moved_records_count']:,} of {effect['compared_records_count']:,} person records would move to "
        f"another customer ({effect['moved_pct']:.1f} %)."
    )
    print()
    table(["change", "count"], [(name, effect[f"{name}_count"]) for name in CHANGES])
    _print_passages("merges", found.merges, effect["merged_count"])
    _print_passages("splits", found.splits, effect["split_count"])
    _print_budgets(found)


def _print_passages(name: str, passages: Sequence[Passage], count: int) -> None:
    if passages:
        print()
        rows = [(one.from_id, one.to_id, one.records, one.devices, ", ".join(one.sources)) for one in passages]
        title = name if len(passages) == count else f"{name}, the largest {len(passages)} of {count:,}"
        table(["from", "to", "records", "devices", "sources"], rows, title=title)


def _print_budgets(found: Preview) -> None:
    if not found.broken_budgets:
        print()
        say("Within every budget of change: a run would not be blocked by it.")
        return
    print("\nBeyond a budget of change:")
    for budget in found.broken_budgets:
        say(f"{'blocks' if budget.severity == 'critical' else 'warns'}: {budget.reason}", indent="  ")
    if found.is_blocked:
        say("If it is wanted: change the settings, then `cdp run --accept-changes`.")
