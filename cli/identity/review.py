"""`cdp identity review`: pairs that are worth a look, answered blind, one at a time.

Belongs here: showing, asking, and the summary at the end. Must not go here: which pairs are asked about
(identity/judging/review.py), what the answers say (identity/judging/quality.py).
Concept: whoever knows the model's verdict repeats it. So neither weight nor probability nor rule is shown, nor whether
the two are one customer now.
"""

from __future__ import annotations

import getpass
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.show import table
from warehouse.errors import CdpError
from warehouse.home import Home

if TYPE_CHECKING:
    from identity.judging.quality import Estimate
    from identity.judging.review import Review

KEYS = {"s": "same", "d": "different", "u": "unsure"}
QUIT = "q"
PROMPT = "One person? s same, d different, u unsure, q quit: "
REASON = "answered blind in a review"


def review(
    limit: Annotated[int, typer.Option(min=1, help="Most pairs to ask about.")] = 20,
    author: Annotated[str | None, typer.Option(help="Who answers; by default the user of this machine.")] = None,
    answers: Annotated[Path | None, typer.Option(help="Read the keys from this file, one a line.")] = None,
) -> None:
    """Answer whether pairs of records are one person; answers are judgements and measure the quality.

    Pairs that the model is least sure of, and that most revenue and segments hang on, come first. Shows personal
    values, for those who may read the restricted files.

    Example: cdp identity review --limit 20
    """
    from identity.judging.review import Review

    home = Home.from_environment()
    keys = _keys(answers)
    session = Review(home)
    given = _ask(home, session, limit, author or getpass.getuser(), keys)
    if not given:
        print("Nothing was answered.")
    else:
        print(f"\n{given.total()} answered: {', '.join(f'{count} {verdict}' for verdict, count in given.items())}.")
        print("They are judgements: the next `cdp run` honours them, `cdp identity undo` takes one back.")
    for name, estimate in session.estimates().items():
        print(_estimate_line(name, estimate))


def _ask(home: Home, session: Review, limit: int, author: str, keys: Iterator[str]) -> Counter[str]:
    """Ask until the queue, the answers or the patience ends; every answer is stored before the next question."""
    from governance.judgements import new_decision
    from governance.labels import record_answer

    questions = session.queue(limit)
    given: Counter[str] = Counter()
    for number, question in enumerate(questions, start=1):
        print(f"\n{number} of {len(questions)}")
        table(["", "", ""], session.fields(question))
        print(PROMPT, end="", flush=True)
        key = next(keys, QUIT)
        print(key)
        if key == QUIT:
            break
        pair = (question.record_id_l, question.record_id_r)
        record_answer(home, new_decision([pair], KEYS[key], author=author, reason=REASON), question.draw)
        given[KEYS[key]] += 1
    return given


def _keys(answers: Path | None) -> Iterator[str]:
    """Keys as they are pressed on a terminal; else the lines of the file or of standard input."""
    if answers is None and sys.stdin.isatty():
        return _pressed()
    if answers and not answers.is_file():
        raise CdpError(f"There is no file {answers.name}", remedy="Give a file with one of s, d, u, q on each line.")
    # whatever is no text holds none of the keys either
    return _checked(answers.read_text(errors="replace").splitlines() if answers else iter(sys.stdin.readline, ""))


def _pressed() -> Iterator[str]:
    import click

    while True:
        # one reading may hold several keys that were pressed fast: the first counts, or a question goes unseen
        pressed = [key for key in click.getchar().lower() if key in {*KEYS, QUIT}]
        if pressed:
            yield pressed[0]


def _checked(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        key = line.strip().lower()
        if key not in {*KEYS, QUIT}:
            raise CdpError(
                f"Answer {number} is none of s, d, u, q",
                remedy="The answers before it are stored; mend it and go on with the rest.",
            )
        yield key


def _estimate_line(name: str, estimate: Estimate | None) -> str:
    of = {
        "precision": "of the scored pairs within one customer, those that are one person",
        "recall": "of the scored pairs that are one person, those within one customer",
    }[name]
    if not estimate:
        return f"{name:<10} not known yet: too few answers. It is {of}."
    return f"{name:<10} {estimate.value:.3f}, between {estimate.low:.3f} and {estimate.high:.3f} (95 %): {of}."
