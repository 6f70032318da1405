"""`cdp replay` and `cdp rollback`: putting data right.

Belongs here: the two commands. Must not go here: quarantine (ingestion/), generations (publishing/).
"""

from typing import Annotated

import typer

from warehouse.home import Home


def replay(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    table: Annotated[str | None, typer.Option(help="Only this table.")] = None,
) -> None:
    """Try quarantined rows again after the cause is mended; what now passes is loaded.

    Example: cdp replay --source hubspot --table contacts
    """
    from ingestion.replay import replay as replay_quarantine
    from warehouse.connection import connect
    from warehouse.lock import run_lock
    from warehouse.run import current_run

    home = Home.from_environment()
    with run_lock(home):
        con = connect(home)
        result = replay_quarantine(home, con, current_run(home), source=source, table=table)
        con.close()
    print(f"{result.loaded:,} rows loaded, {result.remaining:,} still in quarantine.")
    if result.loaded:
        print("`cdp run` publishes them.")
    if result.remaining:
        print('What is wrong with the others: cdp sql "select file, line, reason from quarantine".')


def rollback(
    to: Annotated[str | None, typer.Argument(help="A generation; the one before the current by default.")] = None,
) -> None:
    """Make an earlier generation the published one; readers see it at once.

    Example: cdp rollback
    """
    from publishing.flip import rollback as flip_back

    generation = flip_back(Home.from_environment(), to)
    print(f"Published is now {generation}. The next run publishes a new generation as usual.")
