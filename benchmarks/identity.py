"""`make bench-identity`: how right the resolver is, side by side with textbook Splink on the same standardised records.

Belongs here: the data sets, the two resolvers, one table. Must not go here: anything that a run uses.
Concept: pair F1 and B³ over final clusters, every true pair counted. The truth scores and chooses nothing. The public
sets come from CDP_PUBLIC_DATA; the demo companies are generated, run end to end, and scored by their own truth.
"""

import os
import tempfile
import time
from pathlib import Path

import duckdb
import typer

from benchmarks.measure import machine, measured
from benchmarks.plain_splink import plain_splink
from identity.clustering.clusters import make_clusters
from identity.declared import read_records
from identity.matching.edges import score_edges
from identity.roles import Roles, read_roles
from identity.watching.score import Scores, score
from warehouse.connection import connect
from warehouse.home import Home

ROLES = Path(__file__).with_name("roles")
# Our roles in the textbook's words.
TEXTBOOK = {
    "given_name": "first_name",
    "family_name": "surname",
    "birth_date": "dob",
    "email": "email",
    "phone": "phone",
    "postal_code": "postcode",
    "national_id": "national_id",
    "city": "city",
    "attribute_birth_place": "place",
    "attribute_occupation": "occupation",
}
CLUSTERS = "select record_id as unique_id, cluster_id as entity_id from identity.clusters"
CONFORMED = """
    select
        record_id as unique_id, given_name_std as first_name, family_name_std as surname,
        strftime(birth_date, '%Y-%m-%d') as dob, email_std as email, phone_std as phone, city_std as city,
        postal_code_std as postcode
    from conformed.int_records
"""


def main(
    people: list[int] = typer.Option([5_000]),  # noqa: B008
    seeds: list[int] = typer.Option([7, 8, 9]),  # noqa: B008
) -> None:
    """Print precision, recall and F1 of both resolvers on every set."""
    print(f"# identity — {machine()}, DuckDB {duckdb.__version__}")
    print(f"{'set':<22}{'resolver':<10}{'pair P':>8}{'R':>8}{'F1':>8}{'B³ P':>9}{'R':>8}{'F1':>8}{'seconds':>9}")
    data = Path(os.environ["CDP_PUBLIC_DATA"]) / "identity" if os.environ.get("CDP_PUBLIC_DATA") else None
    if data:
        for declaration in sorted(ROLES.glob("*.yml")):
            if (data / declaration.stem).is_dir():
                _public(declaration, data / declaration.stem)
    else:
        print("the public sets are left out: CDP_PUBLIC_DATA names no folder")
    for size in people:
        for seed in seeds:
            _demo(size, seed)


def _public(declaration: Path, folder: Path) -> None:
    records = next(path for path in (folder / "records.parquet", folder / "records.csv") if path.exists())
    truth = f"select unique_id, entity_id from read_csv('{folder / 'truth.csv'}', all_varchar = true)"
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch)).prepare()
        con = connect(home)
        given = read_records(con, records, read_roles(declaration))
        begun = time.monotonic()
        score_edges(home, con, given.roles)
        make_clusters(con, given.roles)
        ours = time.monotonic() - begun
        _say(folder.name, "ours", score(con, CLUSTERS, truth), ours)
        _textbook(con, folder.name, _as_textbook(given.roles), truth)
        con.close()


def _demo(people: int, seed: int) -> None:
    name = f"demo {people:,} seed {seed}"
    with tempfile.TemporaryDirectory() as scratch:
        company, home = Path(scratch) / "company", Home(Path(scratch) / "home")
        measured("cli", "demo-data", "--people", str(people), "--seed", str(seed), "--out", str(company))
        ran = measured("cli", "run", CDP_HOME=str(home.root), CDP_SOURCES=str(company / "inbox"))
        if ran.exit_code:
            print(f"{name:<22}the run failed:\n{ran.output}")
            return
        con = connect(home)
        truth = (
            "select record_id as unique_id, person_id as entity_id "
            f"from read_csv('{company / 'truth' / 'records.csv'}', all_varchar = true) "
            "where record_id in (select record_id from conformed.int_records)"
        )
        mapped = "select record_id as unique_id, customer_id as entity_id from identity.identity_map"
        _say(name, "ours", score(con, mapped, truth), None)
        _textbook(con, name, CONFORMED, truth)
        con.close()


def _as_textbook(roles: Roles) -> str:
    columns = {*roles.roles, *roles.attributes.values()}
    named = [f"{ours} as {theirs}" for ours, theirs in TEXTBOOK.items() if ours in columns]
    return f"select record_id as unique_id, {', '.join(named)} from {roles.records}"


def _textbook(con: duckdb.DuckDBPyConnection, name: str, records: str, truth: str) -> None:
    begun = time.monotonic()
    try:
        found = plain_splink(con, records)
    except Exception as error:  # noqa: BLE001 — the textbook does not fit every set, and that is a result
        print(f"{name:<22}{'textbook':<10}does not run: {type(error).__name__}", flush=True)
        return
    _say(name, "textbook", score(con, found, truth), time.monotonic() - begun)


def _say(name: str, who: str, scores: Scores, seconds: float | None) -> None:
    """One line. seconds: training, scoring and clustering alone, where they were timed apart from the run."""
    kinds = ("precision", "recall", "f1")
    pairs = "".join(f"{scores[f'pair_{kind}']:>8.4f}" for kind in kinds)
    cubed = "".join(f"{scores[f'b3_{kind}']:>8.4f}" for kind in kinds)
    print(f"{name:<22}{who:<10}{pairs} {cubed}{'' if seconds is None else f'{seconds:>9.1f}'}", flush=True)


if __name__ == "__main__":
    typer.run(main)
