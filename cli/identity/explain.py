"""`cdp identity explain`: why records are one customer, or two customers two; and who makes a household or an account.

Belongs here: the question, printing the answer, writing the page. Must not go here: the answer itself (identity/).
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.show import say
from warehouse.errors import CdpError
from warehouse.home import Home

INDENT = "    "


def explain(
    a: Annotated[str, typer.Argument(metavar="A", help="Id of a record, customer, household or account; an e-mail.")],
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="Another, in the same customer or not.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write a page with charts.")] = None,
) -> None:
    """Why A, or A and B, are one customer: path, bits per field, weakest bridge, what would break it; or why not.

    Of a household (hh_…) or an account (acc_…): who is in it since when, and by which evidence.

    Reads the restricted files of what is published, for those who may; the answer holds no personal value.

    Example: cdp identity explain hubspot:10000004 shopify:6000000000005 --html .cdp/reports/explain.html
    """
    from identity.explaining.apart import explain_apart
    from identity.explaining.explain import explain_together
    from identity.explaining.explain_page import apart_page, group_page, together_page
    from identity.explaining.groups import explain_group, find_group
    from identity.explaining.targets import find_target
    from publishing.read import open_published

    con = open_published(Home.from_environment(), restricted=True, carried=True)
    if asked := find_group(con, a):
        if b:
            raise CdpError(f"{a} is no customer", remedy="Ask about it alone, or about two of its customers.")
        group = explain_group(con, *asked)
        _print_group(group)
        if html:
            _write(html, group_page(group))
        return
    one = find_target(con, a, "A" if b else "")
    other = find_target(con, b, "B") if b else None
    if other and other.customer_id != one.customer_id:
        apart = explain_apart(con, one, other)
        _print_apart(apart)
        page = apart_page(apart) if html else ""
    else:
        together = explain_together(con, one, other)
        _print_together(together)
        page = together_page(together) if html else ""
    if html:
        _write(html, page)


def _print_together(found) -> None:
    from identity.explaining.tell import break_cells, weakest_sentences

    say(found.answer)
    _print_edges(found.edges, found.prior)
    for said in weakest_sentences(found):
        print()
        say(said)
    broken = [break_cells(one) for one in (*found.bridges, *found.fields)]
    if broken:
        print("\nWhat would break it:")
        for without, worth, left in broken:
            say(f"without {without} ({worth}): {left}", INDENT)
    elif found.weakest:
        print()
        say("Neither the loss of one edge nor of one field would split it.")


def _print_apart(found) -> None:
    from identity.explaining.tell import lacking_sentence

    say(found.answer)
    for said in (*found.reasons, lacking_sentence(found)):
        say(said, INDENT)
    if found.edge:
        print("\nThe best edge between them:")
        _print_edges([found.edge], found.prior)


def _print_group(found) -> None:
    from identity.explaining.tell_groups import group_answer, group_sections

    say(group_answer(found))
    for title, lines in group_sections(found):
        print(f"\n{title}:")
        for head, said in lines:
            say(head, INDENT)
            if said:
                say(said, INDENT * 2)


def _print_edges(edges: Sequence, prior: float | None) -> None:
    from identity.explaining.phrases import weighed_sentence
    from identity.explaining.tell import signed, steps

    for edge in edges:
        print(f"\n{edge.left} – {edge.right}")
        say(weighed_sentence(edge), INDENT)
        rows = [(signed(bits), what) for what, bits in steps(edge, prior)]
        width = max(len(bits) for bits, _ in rows)
        for bits, what in rows:
            print(f"{INDENT}{bits:>{width}}  {what}")


def _write(file: Path, page: str) -> None:
    """For its owner alone from the first byte on: ids are pseudonymous, and so still personal."""
    try:
        file.unlink(missing_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(page)
    except OSError as error:
        raise CdpError(
            f"{file} cannot be written: {error.strerror}", remedy="Name a file in a folder that is there and yours."
        ) from None
    print(f"\nThe page is in {file}.")
