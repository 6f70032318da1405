"""The demo company's generator: people and companies in three countries, as nine systems know them, the truth apart.

What goes wrong, and how often, is listed in rates.py, one line per rate; nothing here or elsewhere adds another.
A chunk of people is made in make.py; here the chunks are run, their lines appended to the files, and the truth written.
The same people, seed and until give the same bytes, whatever the number of workers.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from seeds.demo.clock import DAY
from seeds.demo.make import PEOPLE_PER_CHUNK, make_chunk
from seeds.demo.rates import DEFAULT_RATES, ErrorRates
from seeds.demo.sources.pos import MEMBERS_HEADER, RECEIPTS_HEADER
from seeds.demo.sources.preferences import CHOICES_HEADER

WORKERS = 2
HEADERS = {"pos/members/": MEMBERS_HEADER, "pos/receipts/": RECEIPTS_HEADER, "preferences/choices/": CHOICES_HEADER}


@dataclass(frozen=True)
class Job:
    number: int
    people: int
    seed: int
    until: int
    rates: ErrorRates


@dataclass(frozen=True)
class Made:
    people: int
    files: dict[str, bytes]
    records: list[tuple[str, str]]
    accounts: list[tuple[str, str]]
    households: list[tuple[str, str]]
    stories: dict
    events: int


def generate_demo(
    people: int = 5000,
    seed: int = 7,
    out: Path = Path("demo"),
    until: datetime | None = None,
    progress: Callable[[int, int], None] | None = None,
    rates: ErrorRates = DEFAULT_RATES,
    workers: int = WORKERS,
) -> dict[str, int]:
    """Write out/inbox/<source>/<table>/... and out/truth/*, replacing what was there.

    until: the end of the demo's time, cut to midnight UTC; without a zone it is UTC; by default today. No count
        depends on it.
    progress: called with (people made, people wanted) as the work goes on.
    Gives counts: people, records (of persons), devices, accounts, events, files.
    """
    moment = until or datetime.now(UTC)
    end = int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()) // DAY * DAY
    inbox, truth = out / "inbox", out / "truth"
    for folder in (inbox, truth):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    jobs = [
        Job(number, min(PEOPLE_PER_CHUNK, people - number * PEOPLE_PER_CHUNK), seed, end, rates)
        for number in range(-(-people // PEOPLE_PER_CHUNK))
    ]
    counts = dict.fromkeys(("people", "records", "devices", "accounts", "events"), 0)
    with (
        (truth / "records.csv").open("w", encoding="utf-8") as records,
        (truth / "accounts.csv").open("w", encoding="utf-8") as accounts,
        (truth / "households.csv").open("w", encoding="utf-8") as households,
    ):
        records.write("record_id,person_id\n")
        accounts.write("account_record_id,company_id\n")
        households.write("person_id,household_id\n")
        for made in _run(jobs, workers):
            _append(inbox, made.files)
            records.writelines(f"{record},{person}\n" for record, person in made.records)
            accounts.writelines(f"{account},{company}\n" for account, company in made.accounts)
            households.writelines(f"{person},{household}\n" for person, household in made.households)
            if made.stories:
                (truth / "stories.json").write_text(
                    json.dumps(made.stories, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
                )
            _count(counts, made)
            if progress:
                progress(counts["people"], people)
    return {**counts, "files": sum(1 for path in inbox.rglob("*") if path.is_file())}


def _make(job: Job) -> Made:
    chunk, stories = make_chunk(job.number, job.people, job.seed, job.until, job.rates)
    files = chunk.delivery.packed()
    events = sum(len(lines) for path, lines in chunk.delivery.lines.items() if path.startswith("segment/"))
    truth = chunk.truth
    return Made(job.people, files, truth.records, truth.accounts, list(truth.households.items()), stories, events)


def _run(jobs: list[Job], workers: int) -> Iterator[Made]:
    """Chunks in order; no more than two per worker are in memory at once."""
    if workers < 2 or len(jobs) < 2:
        yield from map(_make, jobs)
        return
    waiting = iter(jobs)
    # Not forks of this process, which may hold DuckDB's threads and connections: what is freed in a fork takes it down.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_make, job) for job in islice(waiting, workers * 2)]
        while running:
            made = running.pop(0).result()
            running.extend(pool.submit(_make, job) for job in islice(waiting, 1))
            yield made


def _append(inbox: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = inbox / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            header = next((header for start, header in HEADERS.items() if name.startswith(start)), None)
            content = (header + "\n").encode() + content if header else content
        with path.open("ab") as file:
            file.write(content)


def _count(counts: dict[str, int], made: Made) -> None:
    devices = sum(record.startswith("segment:anonymous:") for record, _ in made.records)
    counts["people"] += made.people
    counts["devices"] += devices
    counts["records"] += len(made.records) - devices
    counts["accounts"] += len(made.accounts)
    counts["events"] += made.events
