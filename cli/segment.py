"""`cdp segment`: the segments there are, one of them whole, one that may be, a new one.

Belongs here: the commands and their printing. Must not go here: queries on anything unpublished, a preview's work
(segmentation/).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.show import say, table
from warehouse.errors import CdpError
from warehouse.home import Home

if TYPE_CHECKING:
    from segmentation.preview import Preview

app = typer.Typer(help="Segments: list, show, preview, add.", no_args_is_help=True)

LIST = """
select segment, members_count as members, entered_count as entered, left_count as "left", owner, suppresses
from segments order by segment
"""
SECTIONS = {
    "what each condition keeps": (
        "select condition, alone_count as alone, kept_count as kept, lost_count as lost, "
        "near_misses_count as near_misses from segment_waterfall where segment = $segment order by step"
    ),
    "near misses, of each condition the first three": (
        "select condition, string_agg(customer_id, ', ' order by customer_id) as customers from (select * from "
        "segment_near_misses where segment = $segment qualify row_number() over (partition by condition order by "
        "customer_id) <= 3) group by condition order by condition"
    ),
    "size over time, newest first": (
        'select effective_at, members_count as members, entered_count as entered, left_count as "left" '
        "from segment_sizes where segment = $segment order by recorded_at desc limit 10"
    ),
    "why the last came and went": (
        "select change_type, reason, count(*) as customers from segment_history where segment = $segment and run_id = "
        "(select max_by(run_id, recorded_at) from segment_sizes) group by all order by customers desc, reason limit 10"
    ),
    "overlap": (
        "select if(segment_l = $segment, segment_r, segment_l) as other, both_count as both, "
        "round(if(segment_l = $segment, share_of_l, share_of_r), 3) as share_of_these, round(jaccard, 3) as jaccard "
        "from segment_overlap where $segment in (segment_l, segment_r) and both_count > 0 "
        "order by both_count desc, other limit 10"
    ),
    "how many members are expected to be false": (
        "select round(expected_false_members_count, 1) as expected_false, round(expected_precision, 3) as precision, "
        "round(expected_of_merged_people_count, 1) as two_people_in_one, "
        "round(expected_of_split_people_count, 1) as one_person_in_two, "
        "round(expected_of_data_quality_count, 1) as wrong_values, data_quality_fields as of_fields, "
        "linked_members_count as linked_members, apart_pairs_count as pairs_apart "
        "from segment_accuracy where segment = $segment"
    ),
    "whom marketing may reach": (
        "select channel, reachable_count as reachable, sendable_count as for_promotion "
        "from segment_reach where segment = $segment order by reachable desc, channel"
    ),
}


@app.command("list")
def list_() -> None:
    """Every segment with its size, what changed in the last run, and who answers for it.

    Example: cdp segment list
    """
    from publishing.read import open_published

    found = open_published(Home.from_environment()).execute(LIST)
    table([column[0] for column in found.description], found.fetchall())


@app.command()
def show(name: Annotated[str, typer.Argument(help="A segment, with or without seg_.")]) -> None:
    """One segment whole: definition, waterfall, near misses, size over time, overlap, reach, accuracy.

    Example: cdp segment show loyal_customers
    """
    from publishing.read import open_published

    con = open_published(Home.from_environment())
    segment = name.removeprefix("seg_")
    found = con.execute("select * from segments where segment = $segment", {"segment": segment})
    columns, rows = [column[0] for column in found.description], found.fetchall()
    if not rows:
        raise CdpError(f"No segment {segment!r} is published", remedy="`cdp segment list` names them all.")
    table(["definition", ""], list(zip(columns, rows[0], strict=True)))
    for title, query in SECTIONS.items():
        _section(con, title, query, segment)


def _section(con: Any, title: str, query: str, segment: str) -> None:
    found = con.execute(query, {"segment": segment})
    if rows := found.fetchall():
        print(f"\n{title}")
        table([column[0] for column in found.description], rows)


@app.command()
def preview(
    file: Annotated[Path, typer.Argument(metavar="FILE.sql", help="A segment's file, committed or not.")],
) -> None:
    """What a segment would be today: size, a masked sample, overlap, reach, and what changes if its name exists.

    Runs in a process of its own that reads the masked file and writes nothing.

    Example: cdp segment preview seg_loyal_customers.sql
    """
    from segmentation.preview import preview as look

    _print(look(Home.from_environment(), file))


def _print(found: Preview) -> None:
    share = found.members / found.considered if found.considered else 0
    say(f"{found.name}: {found.members:,} members of {found.considered:,} customers considered ({share:.1%}).")
    if found.change is None:
        print("No segment of this name is published yet.")
    else:
        entered, left, stayed = found.change
        say(f"Against what is published: {entered:,} would enter, {left:,} leave, {stayed:,} stay.")
    print("\nwhat each condition keeps")
    table(["condition", "alone", "kept", "near_misses"], found.conditions)
    print("\nwhom marketing may reach")
    table(["channel", "reachable", "for_promotion"], found.reach)
    if found.overlap:
        print("\noverlap")
        table(["other", "both", "jaccard"], [(other, both, round(each, 3)) for other, both, each in found.overlap[:10]])
    if found.sample:
        print("\nsome members")
        table(found.sample_columns, found.sample)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Who they are, such as loyal_customers.")],
    owner: Annotated[str, typer.Option(help="The team that answers for it.")],
    description: Annotated[str, typer.Option(help="Who is in it, one sentence.")],
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.sql", help="A previewed file to take over; else an example.")
    ] = None,
    suppresses: Annotated[list[str] | None, typer.Option(help="A purpose its members get no messages of.")] = None,
) -> None:
    """Write a segment's SQL, its YAML and its line in macros/segments.sql.

    Example: cdp segment add night_owls --owner marketing --description "Customers who order at night."
    """
    from segmentation.preview import preview as look
    from segmentation.scaffold import write_segment
    from warehouse.home import PROJECT

    name = name.removeprefix("seg_")
    conditions = tuple(one for one, *_ in look(Home.from_environment(), file).conditions) if file else ()
    text = file.read_text(encoding="utf-8") if file else None
    written = write_segment(name, description, owner, tuple(suppresses or ()), text, conditions)
    for path in written:
        print(f"{'added to' if path.name == 'segments.sql' else 'written '} {path.relative_to(PROJECT)}")
    print(
        f"\nEdit {written[0].name} and describe its conditions in {written[1].name}; look with\n"
        f"  cdp segment preview {written[0].relative_to(PROJECT)}\nthen commit, and `cdp run` publishes it."
    )
