"""The `cdp` command: its list of commands, and how an error reaches a person.

Belongs here: registering commands, exit codes. Must not go here: what a command does.
"""

import sys

import typer

from cli import (
    add,
    consent,
    customer,
    data,
    demo,
    doctor,
    export,
    identity,
    query,
    report,
    run,
    segment,
    status,
    traits,
    ui,
)
from warehouse.errors import CdpError, unusable

app = typer.Typer(
    name="cdp",
    help="A customer data platform that you own: it lives in your warehouse.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Everything lives below CDP_HOME (default: .cdp in the project).",
)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("sql")(query.sql)
app.command("customer")(customer.customer)
app.command("report")(report.report)
app.command("ui")(ui.ui)
app.command("replay")(data.replay)
app.command("rollback")(data.rollback)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("demo-data")(demo.demo_data)
app.add_typer(export.app, name="export")
app.add_typer(add.app, name="add")
app.add_typer(identity.app, name="identity")
app.add_typer(consent.app, name="consent")
app.add_typer(traits.app, name="traits")
app.add_typer(segment.app, name="segment")


def entry() -> None:
    """Run the command; an error that a person can mend is one message without a traceback."""
    try:
        app()
    except CdpError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.filename is None:
            raise
        print(f"error: {unusable(error)}", file=sys.stderr)
        sys.exit(CdpError.exit_code)
