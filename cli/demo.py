"""`cdp demo` and `cdp demo-data`: a company that never was, with nine systems.

Belongs here: the two commands. Must not go here: the generator (seeds/demo).
"""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.show import counted, step, table
from warehouse.home import Home

QUERIES = {
    "How many customers, and how much are they worth?": (
        "select count(*) as customers, count(*) filter (orders_count > 0) as buyers, "
        "sum(lifetime_value_usd) as lifetime_value_usd from customers"
    ),
    "Which segments are how large?": (
        "select segment, members_count from segments order by members_count desc nulls last"
    ),
    "In how many systems is a customer known?": (
        "select sources_count as systems, count(*) as customers from customers group by all order by 1 nulls last"
    ),
}


def demo_data(
    out: Annotated[Path, typer.Option(help="Folder to write; sources go to OUT/inbox, the truth to OUT/truth.")],
    people: Annotated[int, typer.Option(min=1, help="How many people.")] = 5000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company.")] = 7,
    until: Annotated[datetime | None, typer.Option(help="The company's last day; today by default.")] = None,
) -> None:
    """Generate the demo company's files, with the truth apart.

    Example: cdp demo-data --people 1000 --seed 1 --out /tmp/company
    """
    from seeds.demo.generate import generate_demo

    with step(f"a company of {people:,} people"):
        generate_demo(people=people, seed=seed, out=out, until=until, progress=counted("people"))
    print(f"{out}/inbox holds the sources, {out}/truth who is who")


def demo(people: Annotated[int, typer.Option(min=1, help="How many people.")] = 5000) -> None:
    """Generate the demo company, run everything, and show what can be asked of it.

    Example: cdp demo --people 1000
    """
    from cli.run import run_once
    from cli.summary import print_summary
    from publishing.read import open_published

    begun = time.monotonic()
    home = Home.from_environment().prepare()
    demo_data(out=home.root / "demo", people=people)
    os.environ |= {"CDP_SOURCES": str(home.root / "demo/inbox"), "CDP_TRUTH": str(home.root / "demo/truth")}
    if not run_once(home):
        raise typer.Exit(1)
    print_summary(home)
    con = open_published(home)
    for question, query in QUERIES.items():
        found = con.execute(query)
        print(f'\n{question}\n  cdp sql "{query}"')
        table([column[0] for column in found.description], found.fetchall())
    print(f"\nDone in {time.monotonic() - begun:.0f} s. The asset graph: `make ui`, then http://127.0.0.1:3000")
