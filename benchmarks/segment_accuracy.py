"""How many members of each segment are false, as expected without the truth and as the truth says.

Belongs here: building the segments of the truth and comparing. Must not go here: the estimate itself
(dbt_project/models/segments/segment_accuracy.sql), which never sees the truth. Compared is what identity makes false:
the truth says who is who, and not which value is right.
Concept: the same segments over the same records, resolved by the truth. A member is right when the person to whom most
of its records belong is a member there, and no other member holds more of that person.

Run `python -m benchmarks.segment_accuracy [HOME] [TRUTH]` after a run over generated people: by default CDP_HOME and
CDP_TRUTH.
"""

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import machine
from warehouse.connection import connect
from warehouse.dbt import run_dbt
from warehouse.home import Home

LEAST_FALSE = 200
WANTED_MEDIAN_ERROR = 0.2
# dbt holds the warehouse for as long as this process lives, so what is compared leaves it as files
KEPT = {"identity.identity_map": "map.parquet", "segments.segment_members": "members.parquet"}


def build_truth(home: Home, truth: Path, scratch: Home) -> None:
    """Profiles and segments anew in `scratch`, with every record at the person to whom it belongs."""
    scratch.prepare()
    shutil.copy(home.warehouse, scratch.warehouse)
    os.environ["CDP_HOME"] = str(scratch.root)
    con = connect(scratch)
    con.execute(
        """
        create or replace table identity.identity_map as
        select map.* replace (coalesce('person_' || known.person_id, map.customer_id) as customer_id)
        from identity.identity_map as map left join read_csv($records) as known using (record_id)
        """,
        {"records": str(truth / "records.csv")},
    )
    run_dbt(scratch, ["seed"])
    facts = ["int_customer_ledger", "int_order_facts", "int_subscription_facts"]
    run_dbt(scratch, ["run", "--select", *facts, "config.schema:profiles", "config.schema:segments"])
    for table, name in KEPT.items():
        con.execute(f"copy {table} to '{scratch.tmp / name}'")
    con.close()


def false_members(home: Home, truth: Home) -> dict[str, tuple[int, int]]:
    """By segment its members and how many of them are false."""
    con = duckdb.connect()
    con.execute(f"attach '{home.warehouse}' as found (read_only)")
    con.execute(f"create view truth_map as from '{truth.tmp / 'map.parquet'}'")
    con.execute(f"create view truth_members as from '{truth.tmp / 'members.parquet'}'")
    rows = con.execute("""
        with belongs as (
            select map.customer_id, truth.customer_id as person_id, count(*) as records_count
            from found.identity.identity_map as map
            join truth_map as truth using (record_id)
            where not map.is_device
            group by all
        ),
        principal as (
            select
                customer_id, arg_max(person_id, (records_count, person_id)) as person_id,
                max(records_count) as records_count
            from belongs
            group by all
        ),
        judged as (
            select
                members.segment,
                real.customer_id is not null and row_number() over (
                    partition by members.segment, principal.person_id
                    order by principal.records_count desc, members.customer_id
                ) = 1 as is_right
            from found.segments.segment_members as members
            left join principal using (customer_id)
            left join truth_members as real
                on real.segment = members.segment and real.customer_id = principal.person_id
        )
        select segment, count(*), count(*) filter (not is_right) from judged group by segment
    """).fetchall()
    return {segment: (members, wrong) for segment, members, wrong in rows}


def expected_false(home: Home) -> dict[str, float]:
    con = duckdb.connect(str(home.warehouse), read_only=True)
    return dict(
        con.execute(
            "select segment, least(expected_of_merged_people_count + expected_of_split_people_count, members_count) "
            "from segments.segment_accuracy"
        ).fetchall()
    )


def main(home: Home, truth: Path, least_false: int = LEAST_FALSE) -> None:
    print(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Home(Path(folder) / "truth")
        build_truth(home, truth, scratch)
        found = false_members(home, scratch)
    expected = expected_false(home)
    print(f"{'segment':24}{'members':>10}{'false':>10}{'expected':>10}{'error':>9}")
    errors = []
    for segment, (members, wrong) in sorted(found.items()):
        error = abs(expected[segment] - wrong) / wrong if wrong else None
        shown = "" if error is None else f"{error:>9.0%}"
        print(f"{segment:24}{members:>10,}{wrong:>10,}{expected[segment]:>10,.0f}{shown}")
        errors += [error] if error is not None and wrong >= least_false else []
    if not errors:
        print(f"\nNo segment has {least_false} false members.")
        return
    median = statistics.median(errors)
    print(f"\n{len(errors)} segments with at least {least_false} false members: median error {median:.0%}")
    print("within what is promised" if median <= WANTED_MEDIAN_ERROR else f"MORE than {WANTED_MEDIAN_ERROR:.0%}")


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    main(
        Home(given[0].resolve()) if given else Home.from_environment(),
        given[1] if len(given) > 1 else Path(os.environ["CDP_TRUTH"]),
        int(os.environ.get("LEAST_FALSE", LEAST_FALSE)),
    )
