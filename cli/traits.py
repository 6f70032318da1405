"""`cdp traits`: how the scores did, and a customer's traits at any moment.

Belongs here: the commands. Must not go here: what a trait is (dbt_project/models/profiles) or a score (scoring/).
"""

from datetime import datetime
from typing import Annotated, Any

import typer

from cli.show import table
from warehouse.errors import CdpError
from warehouse.home import Home

app = typer.Typer(help="Traits and scores: how sure, and what they were.", no_args_is_help=True)
FAMILIES = ("rfm", "engagement", "support", "attribution", "lifecycle")
SCORES = """
select score, horizon_days as days, tested_rows_count as tested, measure, error, baseline_error as naive, lift,
    calibration_error as calibration, drift, case when is_published then 'published' else reason end as verdict
from score_models
where run_id = (select max_by(run_id, recorded_at) from score_models)
order by score
"""


@app.command("scores")
def scores() -> None:
    """The scores of the last published run, each with its back-test, and why one is not published.

    error is a Brier score for a probability and a Poisson deviance for an amount; naive is the error of the best single
    number, which is told the truth's mean; lift is the share of it that the score saves.

    Example: cdp traits scores
    """
    from publishing.read import open_published

    found = open_published(Home.from_environment(), restricted=False).execute(SCORES)
    table([column[0] for column in found.description], [[_short(cell) for cell in row] for row in found.fetchall()])


@app.command("as-of")
def as_of(
    moment: Annotated[
        str, typer.Argument(metavar="TIME", help="A day or a moment, UTC unless it names a zone: 2026-09-01T12:00.")
    ],
    customer_id: Annotated[str, typer.Argument(metavar="CUSTOMER", help="A customer id.")],
) -> None:
    """One customer's traits and scores as they would have been computed at a moment, from what was known of it then.

    By the definitions of today, from the warehouse of the last run; who a record belongs to is as known today. A day
    means its end. A score is empty where its own back-test would not have let it be published then.

    Example: cdp traits as-of 2026-09-01 cus_2iumdkwc43kjpqj3
    """
    from warehouse.connection import connect
    from warehouse.moments import read_moment

    con = connect(Home.from_environment(), read_only=True)
    at = read_moment(moment, said_of="TIME", day_ends=True)
    _refuse(con, customer_id, at)
    rows = [(family, *pair) for family in FAMILIES for pair in _values(con, family, customer_id, at)]
    rows += [("score", *pair) for pair in _scores(con, customer_id, at)]
    print(f"{customer_id} as of {at.isoformat(sep=' ', timespec='seconds')} UTC")
    table(["family", "trait", "value"], [(family, name, _short(value)) for family, name, value in rows])


def _refuse(con: Any, customer_id: str, at: datetime) -> None:
    """Say so if the warehouse has no traits, no such customer, or has not reached the moment."""
    built = "select count(*) from duckdb_functions() where schema_name = 'profiles' and function_name = ?"
    if con.execute(built, [f"int_traits_{FAMILIES[-1]}"]).fetchall() == [(0,)]:
        raise CdpError("The warehouse holds no traits yet", remedy="`cdp run` makes them.")
    reached = con.execute("select as_of from meta.run").fetchall()[0][0]
    if at > reached:
        raise CdpError(f"{at:%Y-%m-%d %H:%M} is later than the last run, which speaks of {reached:%Y-%m-%d %H:%M}",
                       remedy="Name an earlier moment, or `cdp run` first.")  # fmt: skip
    if not con.execute("select 1 from profiles.customers where customer_id = ?", [customer_id]).fetchall():
        raise CdpError(
            f"No known customer has the id {customer_id}", remedy="`cdp customer E-MAIL` tells the id of a person."
        )


def _values(con: Any, family: str, customer_id: str, at: datetime) -> list[tuple[str, Any]]:
    found = con.execute(f"select * from profiles.int_traits_{family}(?) where customer_id = ?", [at, customer_id])
    names = [column[0] for column in found.description]
    return [pair for row in found.fetchall() for pair in zip(names, row, strict=True) if pair[0] != "customer_id"]


def _scores(con: Any, customer_id: str, at: datetime) -> list[tuple[str, Any]]:
    from scoring.scores import make_scores

    found = []
    for score in make_scores(con, at):
        places = (score.customer_ids == customer_id).nonzero()[0]
        shown = float(score.values[places[0]]) if len(places) and score.verdict.is_published else None
        found.append((score.name, shown))
    return found


def _short(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
