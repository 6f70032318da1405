"""`cdp add`: scaffolds for what people add.

Belongs here: asking and telling. Must not go here: the texts (ingestion/scaffold).
"""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Add a source.", no_args_is_help=True)


@app.callback()
def things() -> None:
    """Add a source."""


@app.command()
def source(
    file: Annotated[Path, typer.Argument(help="A sample: CSV or JSON lines, gzip or not.")],
    name: Annotated[str, typer.Option("--source", help="The system's own name, one word.")],
    table: Annotated[str, typer.Option(help="What the file holds, plural: contacts, invoices …")],
    feeds: Annotated[
        str | None,
        typer.Option(
            help="records (people), accounts, events, tickets, invoices, orders, activities or none; guessed."
        ),
    ] = None,
    key: Annotated[list[str] | None, typer.Option(help="Key column; repeat for several; guessed.")] = None,
    delivery: Annotated[str | None, typer.Option(help="upserts, events or snapshot; guessed.")] = None,
    ordered_by: Annotated[str | None, typer.Option(help="The column that tells versions apart.")] = None,
    owner: Annotated[str, typer.Option(help="The team accountable for it.")] = "data",
    purpose: Annotated[str, typer.Option(help="What it is collected for.")] = "customer profiles",
    party: Annotated[str, typer.Option(help="zero, first, second or third.")] = "first",
) -> None:
    """Write a source's declaration, staging model, tests, gates and its line in the conformed model.

    Example: cdp add source contacts.csv --source crm --table contacts --owner sales
    """
    from ingestion.scaffold.mapping import FEEDS, guess_feed
    from ingestion.scaffold.sample import read_sample
    from ingestion.scaffold.write import NewTable, write_source

    sample = read_sample(file)
    feed = guess_feed(sample) if feeds is None else None if feeds == "none" else feeds
    new = NewTable(
        source=name,
        table=table,
        sample=sample,
        key=tuple(key or [sample.key]),
        delivery=delivery or ("events" if feed == "events" else "upserts"),
        ordered_by=ordered_by,
        owner=owner,
        purpose=purpose,
        party=party,
        feed=feed,
    )
    for line in write_source(new):
        print(line)
    print(
        f"\n{sample.rows:,} rows looked at; key {', '.join(new.key)}; delivery {new.delivery}; "
        f"feeds {feed or 'nothing'}"
    )
    for target, column in new.mapping.items():
        print(f"  {column} → {FEEDS[feed].model if feed else ''}.{target}")
    if new.unmapped:
        print(f"  stay in staging: {', '.join(new.unmapped)}")
    print(f"\nRead {new.model}.sql, put files below the inbox in {name}/{table}/, then `cdp run`.")
