"""`cdp add`: scaffolds for what people add.

Belongs here: asking and telling. Must not go here: the texts (ingestion/scaffold).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ingestion.scaffold.model import NewTable

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
    ordered_by: Annotated[str | None, typer.Option(help="The column that tells versions apart; guessed.")] = None,
    country: Annotated[str | None, typer.Option(help="Country of people whose row names none: US, DE …")] = None,
    owner: Annotated[str, typer.Option(help="The team accountable for it.")] = "data",
    purpose: Annotated[str, typer.Option(help="What it is collected for.")] = "customer profiles",
    party: Annotated[str, typer.Option(help="zero, first, second or third.")] = "first",
) -> None:
    """Write a source's declaration, staging model, tests, gates and its line in the conformed model.

    Example: cdp add source contacts.csv --source crm --table contacts --owner sales
    """
    from ingestion.scaffold.mapping import guess_feed, guess_ordered_by
    from ingestion.scaffold.model import NewTable
    from ingestion.scaffold.sample import read_sample
    from ingestion.scaffold.write import references, write_source

    sample = read_sample(file)
    feed = guess_feed(sample, table) if feeds is None else None if feeds == "none" else feeds
    delivery = delivery or ("events" if feed == "events" else "upserts")
    new = NewTable(
        source=name,
        table=table,
        sample=sample,
        key=tuple(key or [sample.key]),
        delivery=delivery,
        ordered_by=ordered_by or (guess_ordered_by(sample) if delivery == "upserts" else None),
        owner=owner,
        purpose=purpose,
        party=party,
        feed=feed,
        country=country,
    )
    for line in write_source(new):
        print(line)
    _tell(new, references(new))


def _tell(new: "NewTable", others: dict[str, str]) -> None:
    """The guesses, one a line, and what a person has to do next."""
    model = new.feeds.model if new.feeds else ""
    order = f", newest by {new.ordered_by}" if new.ordered_by else ""
    print(
        f"\n{new.sample.rows:,} rows looked at; key {', '.join(new.key)}; delivery {new.delivery}{order}; "
        f"feeds {model or 'nothing'}"
    )
    for target, column in new.mapping.items():
        print(f"  {column} → {target}")
    for column, feed in others.items() if new.feeds else ():
        print(f"  {column} → the row's {'person' if feed == 'records' else 'company'}")
    if rest := [name for name in new.unmapped if name not in others]:
        print(f"  stay in staging: {', '.join(rest)}")
    if new.feed not in {None, "records", "accounts"} and "records" not in others.values():
        print("  warning: no column names a person of this source; write record_id into the model, or add people first")
    print(f"\nRead {new.model}.sql, put files into {new.source}/{new.table}/ of the inbox, then `cdp run`.")
