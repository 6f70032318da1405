"""`cdp report`: one page on what is published.

Belongs here: the command and where it says that the page is. Must not go here: the page (reporting/).
"""

from pathlib import Path
from typing import Annotated

import typer

from warehouse.errors import CdpError
from warehouse.home import Home


def report(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it; by default below CDP_HOME/reports.")
    ] = None,
) -> None:
    """Write the report on the published generation: customers, data quality, segments, service, outcomes, in one page.

    It stands alone, holds no personal value, and every run writes it too.

    Example: cdp report --out /tmp/report.html
    """
    from reporting.write import write_report

    try:
        print(write_report(Home.from_environment(), out))
    except OSError as error:
        raise CdpError(
            f"The report cannot be written: {error.strerror}", remedy="Name another file with --out."
        ) from None
