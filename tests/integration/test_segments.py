"""Segments on the sample: what is derived agrees with what was committed, and a bad one is stopped by its name."""

import json
import re
from pathlib import Path

import duckdb
import pytest

from publishing.read import open_published
from segmentation.preview import look, preview
from tests.conftest import TRUTH
from warehouse.connection import connect
from warehouse.dbt import _parsed, run_dbt
from warehouse.errors import CdpError
from warehouse.home import PROJECT, Home

LIBRARY = PROJECT / "dbt_project/models/segments/library"
HEAD = "with final as (select customer_id, orders_count > 0 as has_ordered from {{ ref('customers') }}"
BAD = {
    "no customer_id": (
        "select orders_count > 0 as has_ordered from {{ ref('customers') }}",
        "has the columns has_ordered. Select customer_id",
    ),
    "another column": (
        "select customer_id, orders_count, true as a from {{ ref('customers') }}",
        "has the columns customer_id, orders_count, a",
    ),
    "no condition": ("select customer_id from {{ ref('customers') }}", "has 0 conditions"),
    "duplicates": (
        "select customer_id, true as has_touch from {{ ref('customer_timeline') }} "
        "inner join {{ ref('customers') }} using (customer_id)",
        "gives the same customer more than once",
    ),
    "strangers": ("select touch_id as customer_id, true as a from {{ ref('customer_timeline') }}", "not in customers"),
    "nameless": ("select null::varchar as customer_id, true as a", "rows without a customer_id"),
    "a where at the top": (HEAD + " where orders_count > 1) select * from final", "has a where at its top"),
    "a private model": ("select * from {{ ref('int_customer_orders') }}", "int_customer_orders, which is private"),
    "an unknown column": (
        "select customer_id, favourite_colour = 'red' as likes_red from {{ ref('customers') }}",
        'does not run: Binder Error: Referenced column "favourite_colour" not found',
    ),
    "a file": ("select 'x' as customer_id, true as a from read_csv('/etc/hosts')", "does not run"),
}  # fmt: skip


@pytest.fixture(scope="module")
def published(sample_run: Path) -> duckdb.DuckDBPyConnection:
    return open_published(Home(sample_run))


@pytest.mark.parametrize("segment", ["abandoned_cart", "onboarding_stalled", "unreachable"])
def test_a_committed_segment_previews_as_it_is_published(sample_run, published, segment: str) -> None:
    found = look(Home(sample_run), f"seg_{segment}", (LIBRARY / f"seg_{segment}.sql").read_text())

    waterfall = published.execute(
        "select condition, alone_count, kept_count, near_misses_count from segment_waterfall where segment = $segment "
        "order by step",
        {"segment": segment},
    ).fetchall()
    reach = published.execute(
        "select channel, [reachable_count, sendable_count] from segment_reach where segment = $segment",
        {"segment": segment},
    ).fetchall()
    overlap = published.execute(
        "select if(segment_l = $segment, segment_r, segment_l), both_count from segment_overlap "
        "where $segment in (segment_l, segment_r) and both_count > 0",
        {"segment": segment},
    ).fetchall()
    assert found.conditions == waterfall
    assert {channel: counts for channel, *counts in found.reach} == dict(reach)
    assert {other: both for other, both, _ in found.overlap} == dict(overlap)
    assert found.change == (0, 0, found.members)
    assert found.members > 0


def test_a_changed_segment_says_what_would_change(sample_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "seg_new_customers.sql"
    file.write_text((LIBRARY / file.name).read_text().replace("interval 30 day", "interval 365 day"))

    found = preview(Home(sample_run), file)

    entered, left, stayed = found.change
    assert entered > 0
    assert (left, entered + stayed) == (0, found.members)
    assert "full_name" not in found.sample_columns


@pytest.mark.parametrize("case", BAD)
def test_a_bad_segment_is_named_by_its_preview(sample_run: Path, case: str) -> None:
    text, says = BAD[case]

    with pytest.raises(CdpError, match=f"^seg_x .*{re.escape(says)}"):
        look(Home(sample_run), "seg_x", text)


def test_a_preview_that_runs_away_is_stopped(sample_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "seg_slow.sql"
    file.write_text(
        "select 'x' as customer_id, count(*) > 0 as a "
        "from range(10000000) as l (i) join range(10000000) as r (j) on l.i <> r.j"
    )

    with pytest.raises(CdpError, match=r"seg_slow took longer than 1\.5 s and was stopped"):
        preview(Home(sample_run), file, longest_s=1.5)


@pytest.fixture
def warehouse(sample_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("CDP_HOME", str(sample_copy))
    return Home(sample_copy)


def test_a_run_stops_at_segments_that_nobody_may_commit(warehouse: Home) -> None:
    con = connect(warehouse)
    con.execute(
        "create or replace view segments.seg_discount_only as select customer_id, true as has_ordered "
        "from profiles.customers where orders_count > 0"
    )
    nodes = _parsed(warehouse).nodes
    nodes["model.cdp.seg_loyal_customers"].config.meta["owner"] = ""
    nodes["model.cdp.seg_unreachable"].depends_on.nodes.append("model.cdp.int_customer_orders")
    nodes["model.cdp.seg_open_severe_ticket"].config.meta["suppresses"] = ["promotions"]
    _parsed(warehouse).build_flat_graph()

    with pytest.raises(CdpError) as raised:
        run_dbt(warehouse, ["run", "--select", "int_segment_definitions"])
    con.close()

    for says in (
        "seg_loyal_customers has no owner",
        "seg_unreachable reads int_customer_orders, which is private",
        "seg_open_severe_ticket suppresses promotions, which is none of promotion, survey, service",
        "seg_discount_only has a where at its top",
    ):
        assert says in str(raised.value)


# What is added to the rows of a good segment.
WRONG = {
    "gives the same customer more than once": "from intact limit 3",
    "gives rows without a customer_id": "select * replace (null as customer_id) from intact limit 3",
    "gives a customer_id that is not in customers": "select * replace ('cus_x' as customer_id) from intact limit 1",
}


def test_a_run_stops_at_a_segment_of_wrong_customers(warehouse: Home) -> None:
    sql = (warehouse.dbt_target / "compiled/cdp/models/segments/int_segment_conditions.sql").read_text()
    con = connect(warehouse)
    con.execute("create table intact as from segments.seg_discount_only")
    assert (
        con.execute(f"select count(*) from ({sql})").fetchall() == con.execute("select count(*) from intact").fetchall()
    )

    for says, more in WRONG.items():
        con.execute(f"create or replace view segments.seg_discount_only as from intact union all ({more})")
        with pytest.raises(duckdb.Error, match=f"seg_discount_only {says}"):
            con.execute(f"select * from ({sql})").fetchall()
    con.close()


def test_the_customer_of_the_support_story_gets_no_promotion(published: duckdb.DuckDBPyConnection) -> None:
    story = json.loads((TRUTH / "stories.json").read_text())["support"]["people"]["requester"]
    wanted = {"record": story["records"][0]}
    who = "select customer_id from customer_identities where record_id = $record"

    suppressed = published.execute(
        f"select segment from segment_members join segments using (segment) where customer_id in ({who}) "
        "and list_contains(string_split(suppresses, ', '), 'promotion')",
        wanted,
    ).fetchall()
    of_segments = published.execute(
        "select count(*) from segment_reach where channel = 'email' and sendable_count < reachable_count "
        f"and segment in (select segment from segment_members where customer_id in ({who}))",
        wanted,
    ).fetchall()

    assert suppressed == [("open_severe_ticket",)]
    assert of_segments[0][0] > 0


def test_the_accuracy_rests_on_the_fields_that_conditions_name(published: duckdb.DuckDBPyConnection) -> None:
    """Named by the segment, or by the trait that it names; what customers did alone rests on facts alone."""
    rows = published.execute("select segment, data_quality_fields from segment_accuracy").fetchall()
    assert {segment: fields for segment, fields in rows if fields} == {
        "newsletter_engaged": "is_marketing_email_allowed",
        "unreachable": "city, email, phone, street",
        "win_back_candidates": "email, phone",
    }
    facts = dict(published.execute("select segment, data_quality_facts from segment_accuracy").fetchall())
    assert {
        segment: facts[segment] for segment in ("abandoned_cart", "discount_only", "open_severe_ticket", "unreachable")
    } == {
        "abandoned_cart": "carts, invoices, orders, returns",  # of customers.last_order_at all that its model reads
        "discount_only": "orders, returns",
        "open_severe_ticket": "subscriptions, tickets",
        "unreachable": "events",
    }
    assert None not in facts.values(), "each of the library rests on something that happened"
    wrong = published.execute("""
        from segment_accuracy
        where expected_false_members_count < greatest(
                least(expected_of_merged_people_count + expected_of_split_people_count, members_count),
                expected_of_data_quality_count) - 1e-9
            or expected_false_members_count - 1e-9
                > expected_of_merged_people_count + expected_of_split_people_count + expected_of_data_quality_count
    """).fetchall()
    assert wrong == []
