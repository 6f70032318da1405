"""The form of a segment, told from its text."""

import duckdb
import pytest

from segmentation import form

GOOD = """
with buyers as (select * from customers where orders_count > 0 qualify row_number() over () > 0),
final as (select customer_id, orders_count > 2 as has_three_orders from buyers)
select * from final
"""
NARROWED = {
    "where": "with final as (select customer_id, true as a from customers) select * from final where a",
    "where in final": "with final as (select customer_id, true as a from customers where n > 0) select * from final",
    "where two steps up": (
        "with c as (select * from customers), first as (select customer_id, true as a from c where n > 0), "
        "final as (select * from first) select * from final"
    ),
    "having": "select customer_id, max(n) > 1 as a from orders group by 1 having count(*) > 1",
    "qualify": "select customer_id, true as a from orders qualify row_number() over () = 1",
    "limit": "with final as (select customer_id, true as a from customers limit 5) select * from final",
    "distinct": "select distinct customer_id, true as a from orders",
}


def test_a_segment_may_narrow_in_a_step_of_its_own() -> None:
    assert form.segment_problem("seg_x", GOOD) is None


@pytest.mark.parametrize("case", NARROWED)
def test_what_leaves_rows_out_at_the_top_is_named(case: str) -> None:
    problem = form.segment_problem("seg_x", NARROWED[case])

    assert problem is not None
    assert problem.startswith(f"seg_x has a {case.split()[0]} at its top: make each condition a boolean column")


@pytest.mark.parametrize("text", ["drop table customers", "select 1; select 2", "selec 1", ""])
def test_anything_but_one_select_is_refused(text: str) -> None:
    assert "is not one select" in (form.segment_problem("seg_x", text) or "")


def test_selects_put_together_at_the_top_are_refused() -> None:
    assert "several selects" in (form.segment_problem("seg_x", "select 1 union all select 2") or "")


def test_dbts_connection_asks_the_same_of_a_view() -> None:
    con = duckdb.connect()
    form.register(con)
    form.register(con)
    con.execute("create table customers (customer_id varchar, orders_count integer)")
    con.execute(f"create view seg_good as {GOOD}")
    con.execute("create view seg_bad as select customer_id, true as a from customers where orders_count > 0")

    found = con.execute(
        "select segment_problem(view_name, sql) from duckdb_views() where view_name like 'seg%' order by view_name"
    )

    bad, good = (row[0] for row in found.fetchall())
    assert (good, bad[:25]) == ("", "seg_bad has a where at it")
