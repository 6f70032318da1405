"""Kill a run inside one stage, again and again, and see that nothing is lost, doubled or half published.

Belongs here: the trials, run as `python -m tests.faults.trials STAGE --kills N …`, which prints one JSON verdict.
Must not go here: assertions (test_kills.py).
Concept: this process imports everything once and opens no database; each run is a fork of it, so a trial costs the
work and not the imports. SIGKILL leaves a fork no chance to tidy up.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warehouse.home import Home

# The stages of orchestration/stages.py that a kill is aimed at; "" aims at the whole job.
STAGES = {
    "load": ("load",),
    "dbt": ("build staging", "build conformed", "build profiles", "build segments"),
    "splink": ("edges",),
    "cluster": ("cluster", "assign ids"),
    "groups": ("resolve groups",),
    "scores": ("score customers",),
    "build": ("publish",),
    "flip": ("publish",),
    "job": (),
}
# Stages that are killed at a named step: over too quickly for a random moment to strike them.
POINTS = {
    "groups": (
        "identity.groups.after_accounts",
        "identity.groups.after_households",
        "identity.groups.before_swap",
        "identity.groups.inside_swap",
        "identity.groups.after_swap",
    ),
    "scores": ("scoring.scores.before_swap", "scoring.scores.inside_swap", "scoring.scores.after_swap"),
    "flip": (
        "publish.after_verify",
        "publish.after_rename",
        "flip.before_replace",
        "flip.after_replace",
        "flip.after_mark",
    ),
}
# Who is with whom, by what no home gives ids of its own: records. A customer goes by its smallest.
GROUPS = {
    "accounts": """
        select account_record_id, min(account_record_id) over (partition by account_id) from identity.account_map
    """,
    "households": """
        with named as (
            select customer_id, min(record_id) as record_id from identity.identity_map where not is_device group by 1
        )
        select record_id, min(record_id) over (partition by household_id)
        from identity.household_map
        join named using (customer_id)
    """,
}
LOADED_NOT = "* exclude (_load_id, _loaded_at, _file, _line)"
# The stage that follows the last one whose tables are compared (_contents).
AFTER_COMPARED = "score canary"
RUN_SECONDS = 240
FORK = multiprocessing.get_context("fork")


def trials(stage: str, kills: int, seed: int, sources: Path, work: Path) -> dict[str, Any]:
    """Kill `kills` runs inside `stage`, each with newly delivered files, healing after each; then compare with a run
    that was never disturbed. Gives counts of what went wrong, all 0 if nothing did."""
    chance = random.Random(seed)
    home = Home(work / "home").prepare()
    waiting = _hold_back(sources, work / "inbox", kills + 1)
    os.environ |= {"CDP_HOME": str(home.root), "CDP_SOURCES": str(work / "inbox")}
    _import_everything(home)
    durations = _finish(home, work)
    reads = FORK.Value("i", 0), FORK.Value("i", 0)
    reader = FORK.Process(target=_read_for_ever, args=(home, *reads), daemon=True)
    reader.start()
    landed_in: dict[str, int] = {}
    for at in range(kills):
        _deliver(waiting[at])
        struck = _kill_one(home, stage, durations, chance)
        landed_in[struck] = landed_in.get(struck, 0) + 1
        _finish(home, work)
    reader.kill()
    verdict = _in_fork(_inspect, home, work)
    return {
        "stage": stage,
        "kills": kills,
        "seed": seed,
        "landed_in": landed_in,
        "reads": reads[0].value,
        "bad_reads": reads[1].value,
        **verdict,
    }


def _hold_back(sources: Path, inbox: Path, rounds: int) -> list[list[tuple[Path, Path]]]:
    """Deliver most files now and keep the newest of every table for later, dealt over the rounds."""
    later: list[list[tuple[Path, Path]]] = [[] for _ in range(rounds)]
    tables = sorted({file.parent for file in sources.rglob("*") if file.is_file()})
    for table in tables:
        files = sorted(file for file in table.iterdir() if file.is_file())
        kept = files[max(1, len(files) // 2) :] if len(files) > 1 else []
        for file in files:
            target = inbox / file.relative_to(sources)
            target.parent.mkdir(parents=True, exist_ok=True)
            if file in kept:
                later[kept.index(file) * rounds // len(kept)].append((file, target))
            else:
                shutil.copy(file, target)
    return later


def _deliver(files: list[tuple[Path, Path]]) -> None:
    for file, target in files:
        shutil.copy(file, target)


def _import_everything(home: Home) -> None:
    import great_expectations  # noqa: F401
    import splink  # noqa: F401
    from dbt.cli.main import dbtRunner  # noqa: F401

    from orchestration import stages  # noqa: F401
    from warehouse.dbt import ensure_parsed

    ensure_parsed(home)


def _run(home: Home, told: Any, out: Path | None = None) -> None:
    """Every stage, telling the parent the name of each as it begins; durations go to `out`."""
    from orchestration.stages import run_all

    durations: dict[str, float] = {}
    before, begun = None, time.monotonic()
    for name in run_all(home):
        if before:
            durations[before] = time.monotonic() - begun
        before, begun = name, time.monotonic()
        told.send(name)
    durations[str(before)] = time.monotonic() - begun
    if out:
        out.write_text(json.dumps(durations))
    os._exit(0)


def _finish(home: Home, work: Path) -> dict[str, float]:
    """A run that nobody disturbs: it heals what the last one left. Its failure is the trial's."""
    parent, child = FORK.Pipe()
    out = work / "durations.json"
    process = FORK.Process(target=_run, args=(home, child, out))
    process.start()
    process.join(RUN_SECONDS)
    if process.exitcode != 0:
        sys.exit(f"the healing run ended with {process.exitcode}")
    parent.close()
    return json.loads(out.read_text())


def _kill_one(home: Home, stage: str, durations: dict[str, float], chance: random.Random) -> str:
    """Start a run, kill it at a random moment inside the stage; gives the stage that it was in."""
    aimed = [name for name in durations if name in STAGES[stage]] or list(durations)
    target = chance.choices(aimed, [durations[name] + 0.01 for name in aimed])[0]
    if stage in POINTS:
        os.environ["CDP_CRASH_AT"] = chance.choice(POINTS[stage])
    parent, child = FORK.Pipe()
    process = FORK.Process(target=_run, args=(home, child))
    process.start()
    os.environ.pop("CDP_CRASH_AT", None)
    current = "start"
    while process.is_alive() and current != target:
        if parent.poll(0.05):
            current = parent.recv()
    if stage in POINTS:
        process.join(RUN_SECONDS)
    else:
        time.sleep(chance.random() * durations[target])
    while parent.poll():
        current = parent.recv()
    if process.is_alive() and process.pid:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return current if process.exitcode == -signal.SIGKILL else "finished before the kill"


def _read_for_ever(home: Home, reads: Any, bad: Any) -> None:
    """What a dashboard does meanwhile: open the published link and find one complete generation."""
    while True:
        try:
            _read_once(home)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is a bad read
            bad.value += 1
            print(f"bad read: {error}", file=sys.stderr)
        reads.value += 1
        time.sleep(0.1)


def _read_once(home: Home) -> None:
    from publishing.read import open_published

    before = home.current.resolve()
    with open_published(home, restricted=True) as con:
        rows = con.execute("select count(*) from customers").fetchall()[0][0]
    manifest = json.loads((before / "manifest.json").read_text())
    if home.current.resolve() == before and rows != manifest["files"]["customers.duckdb"]["customers"]["rows"]:
        raise AssertionError("customers is not of the manifest's generation")


def _in_fork(function: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    parent, child = FORK.Pipe()
    process = FORK.Process(target=lambda: child.send(function(*args)))
    process.start()
    if not parent.poll(RUN_SECONDS):
        sys.exit("the inspection did not end")
    result = parent.recv()
    process.join()
    return result


def _inspect(home: Home, work: Path) -> dict[str, Any]:
    """The home after all kills, against a home that loads the same files in one undisturbed run.

    The key and the linkage model are what a home keeps: the first run trained on the files that were there then.
    """
    undisturbed = Home(work / "undisturbed").prepare()
    shutil.copy(home.key, undisturbed.key)
    shutil.copytree(home.models, undisturbed.models, dirs_exist_ok=True)
    os.environ["CDP_HOME"] = str(undisturbed.root)
    from orchestration.stages import run_all
    from warehouse.connection import connect

    here = connect(home, read_only=True)
    kept = _contents(here)
    unbalanced = _unbalanced(home)
    here.close()
    next(stage for stage in run_all(undisturbed) if stage == AFTER_COMPARED)
    there = connect(undisturbed)
    expected = _contents(there)
    there.close()
    return {
        "lost_rows": sum(max(0, expected[table][0] - kept[table][0]) for table in expected),
        "doubled_rows": sum(max(0, kept[table][0] - expected[table][0]) for table in expected),
        "different_tables": [table for table in expected if expected[table] != kept[table]],
        "unbalanced_files": unbalanced,
    }


def _contents(con: Any) -> dict[str, tuple[int, int]]:
    """Rows and an order-free digest of every raw table (without when it was loaded) and of what follows from it; of
    accounts and households who is with whom."""
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = current_database() "
        "and (schema_name = 'raw' and table_name like '%\\_\\_%' escape '\\' "
        "or schema_name = 'conformed' and table_name in ('int_records', 'int_orders', 'int_tickets') "
        "or schema_name = 'identity' and table_name = 'clusters')"
    ).fetchall()
    queries = {
        f"{schema}.{table}": f"select {LOADED_NOT if schema == 'raw' else '*'} from {schema}.{table}"
        for schema, table in tables
    }
    return {
        name: con.execute(f"select count(*), coalesce(sum(hash(t)::hugeint), 0) from ({query}) t").fetchall()[0]
        for name, query in (queries | GROUPS).items()
    }


def _unbalanced(home: Home) -> int:
    """Files for which received = loaded + quarantined + duplicate does not hold."""
    from warehouse.state import open_state

    state = open_state(home)
    rows = state.execute(
        "select count(*) from loads where status = 'finished' "
        "and received <> loaded + quarantined + duplicate + coalesce(suppressed, 0)"
    ).fetchall()
    state.close()
    return rows[0][0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sources", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    given = parser.parse_args()
    verdict = trials(given.stage, given.kills, given.seed, given.sources, given.work)
    print(json.dumps(verdict))


if __name__ == "__main__":
    main()
