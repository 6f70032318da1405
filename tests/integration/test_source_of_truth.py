"""The registry of fields: what is wrong in it stops the build with a name, and what it says is reported on every run.

Belongs here: the registry against dbt's graph, on the sample's run. Must not go here: how values are chosen (dbt's unit
tests beside the models).
"""

from pathlib import Path

import duckdb
import pytest

from warehouse.connection import connect
from warehouse.dbt import run_dbt
from warehouse.errors import CdpError
from warehouse.home import Home

SPOILT = """
delete from reference.source_of_truth where (model, field) in (('customers', 'phone'), ('segments', '*'));
update reference.source_of_truth set owner = null where (model, field) = ('customers', 'gender');
update reference.source_of_truth set strategy = 'newest' where (model, field) = ('customers', 'job_title');
update reference.source_of_truth set strategy = 'most_recent' where (model, field) = ('customers', 'orders_count');
update reference.source_of_truth set strategy = 'derived' where (model, field) = ('customers', 'email');
update reference.source_of_truth set strategy = 'strictest' where (model, field) = ('visitors', 'visits_count');
update reference.source_of_truth set strategy = 'longest' where (model, field) = ('customers', 'city');
update reference.source_of_truth set strategy = 'derived' where field = 'is_marketing_email_allowed';
update reference.source_of_truth set derivation = null where (model, field) = ('customers', 'known_at');
update reference.source_of_truth set derived_from = 'int_order' where (model, field) = ('customers', 'last_order_at');
update reference.source_of_truth set derivation = 'said' where (model, field) = ('accounts', 'city');
update reference.source_of_truth set winning_system = 'hubspott' where (model, field) = ('accounts', 'industry');
update reference.source_of_truth set winning_system = 'pos;hubspot' where (model, field) = ('customers', 'birth_date');
insert into reference.source_of_truth from reference.source_of_truth where (model, field) = ('accounts', 'domain');
insert into reference.source_of_truth
select * replace ('shoe_size' as field) from reference.source_of_truth where (model, field) = ('customers', 'gender');
insert into reference.source_of_truth
select * replace ('households' as model) from reference.source_of_truth where (model, field) = ('quarantine', '*');
"""
NAMED = (
    "customers.phone has no row",
    "segments.description has no row",
    "customers.gender has no owner",
    "customers.job_title has the unknown strategy newest",
    "customers.orders_count is not chosen among records",
    "customers.email is chosen among records, and derived chooses none",
    "visitors.visits_count is no permission",
    "country are taken from one record together",
    "customers.is_marketing_email_allowed is a permission, and derived would let one yes lift another no",
    "customers.known_at does not say how it is derived",
    "customers.last_order_at is derived from the unknown model int_order",
    "accounts.city is not derived",
    "accounts.industry names the unknown system hubspott",
    "customers.birth_date has two winners (pos, hubspot, hubspot)",
    "accounts.domain has two rows",
    "customers.shoe_size is not a public field",
    "households.* speaks for a whole table",
)


def test_every_mistake_in_the_registry_is_named_before_a_profile_is_built(
    sample_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDP_HOME", str(sample_copy))
    home = Home.from_environment()
    con = connect(home)
    con.execute(SPOILT)

    with pytest.raises(CdpError) as caught:
        run_dbt(home, ["run", "--select", "int_source_of_truth"])

    con.close()
    assert [mistake for mistake in NAMED if mistake not in caught.value.message] == []
    assert caught.value.message.count("; ") < 2 * len(NAMED) + 10, "only what is wrong is named"


@pytest.fixture
def report(sample_run: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(sample_run / "published" / "current" / "customers.duckdb"), read_only=True)


def test_the_report_speaks_of_every_field_of_the_profiles(report: duckdb.DuckDBPyConnection) -> None:
    missing = report.execute(
        """
        select table_name, column_name from duckdb_columns()
        where table_name in ('customers', 'visitors', 'accounts', 'households', 'customer_traits')
        except select model, field from field_report
        """
    ).fetchall()
    wrong = report.execute(
        """
        from field_report where model = 'customers' and field = 'country'
        and (rows_count, filled_count) <> (select (count(*), count(country)) from customers)
        """
    ).fetchall()
    assert (missing, wrong) == ([], [])


def test_a_field_is_used_by_those_who_name_it(report: duckdb.DuckDBPyConnection) -> None:
    def used_by(model: str, field: str) -> str | None:
        query = "select used_by from field_report where model = ? and field = ?"
        return report.execute(query, [model, field]).fetchall()[0][0]

    assert "seg_open_severe_ticket" in used_by("customers", "open_severe_tickets_count")
    assert "customer_page" in used_by("customers", "phone")
    assert used_by("stg_pos__receipts", "tender") is None
    assert (
        report.execute("from field_report where model = 'stg_pos__receipts' and field = 'record_id'").fetchall() == []
    )
    assert report.execute("from field_report where is_used <> (used_by is not null)").fetchall() == []
