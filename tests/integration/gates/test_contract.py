"""What we rely on in Great Expectations, duckdb-sqlalchemy and SQLAlchemy: an upgrade shows here what it broke."""

import inspect

import duckdb
import pytest
from sqlalchemy import create_engine, text

import expectations.dialect as dialect
from expectations.suites import FOLDER
from expectations.vocabulary import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_the_library_has_the_expectation_with_the_arguments_that_we_allow(kind):
    from expectations.translate import library_class

    fields = set(library_class(kind).__fields__)
    allowed = KINDS[kind].required | KINDS[kind].optional | KINDS[kind].either
    assert allowed <= fields
    assert {"severity", "meta"} <= fields


def test_the_library_still_lacks_regular_expressions_on_duckdb():
    """Once it has them, translate.py can go."""
    from great_expectations.execution_engine.sqlalchemy_dialect import GXSqlDialect

    assert "duckdb" not in {member.value for member in GXSqlDialect}


def test_the_metric_hooks_that_translate_uses_exist():
    from great_expectations.expectations.metrics import map_metric_provider

    from expectations import translate

    assert hasattr(map_metric_provider, "ColumnMapMetricProvider")
    assert inspect.signature(map_metric_provider.column_condition_partial).parameters["engine"]
    for type_, metric in translate.METRICS.items():
        assert translate.library_class(type_).map_metric == metric


def test_breaking_rows_are_counted_and_not_fetched():
    import great_expectations.expectations as library

    from expectations.translate import library_class

    ours = library_class("unexpected_rows_expectation")
    assert set(ours.metric_dependencies) < set(library.UnexpectedRowsExpectation.metric_dependencies)
    for count in (0, 2):
        metrics = {"unexpected_rows_query.row_count": count, "unexpected_rows_query.table": []}
        query = {"unexpected_rows_query": "select 1 from {batch}"}
        theirs = library.UnexpectedRowsExpectation(**query)._validate(metrics)
        assert ours(**query)._validate({"unexpected_rows_query.row_count": count}) == theirs


def test_an_expectation_keeps_its_name_and_its_configuration_though_we_remember_it():
    import great_expectations.expectations as library

    from expectations.translate import library_class

    ours = library_class("expect_column_values_to_be_unique")(column="id", meta={"place": 1})
    theirs = library.ExpectColumnValuesToBeUnique(column="id", meta={"place": 1})
    assert ours.configuration.to_json_dict() == theirs.configuration.to_json_dict()
    assert ours.configuration is ours.configuration


def test_the_context_saves_through_the_method_that_we_silence():
    from great_expectations.data_context import EphemeralDataContext

    assert callable(EphemeralDataContext._save_project_config)


def test_a_batch_validates_a_suite_without_a_store():
    from great_expectations.datasource.fluent.interfaces import Batch

    assert {"expect", "result_format"} <= set(inspect.signature(Batch.validate).parameters)


def test_rows_outlive_their_connection_and_no_handle_stays(tmp_path):
    con = duckdb.connect(str(tmp_path / "w.duckdb"))
    with dialect.lent(con) as address:
        engine = create_engine(address)
        with engine.connect() as connection:
            result = connection.execute(text("select * from range(3)"))
        assert [row[0] for row in result.fetchall()] == [0, 1, 2]
        assert engine.dialect.name == "duckdb"
    con.close()
    reopened = duckdb.connect(str(tmp_path / "w.duckdb"), config={"threads": 1})
    reopened.close()
    assert not dialect._lent


def test_an_address_is_dead_once_the_loan_is_over():
    con = duckdb.connect()
    with dialect.lent(con) as address:
        pass
    with pytest.raises(KeyError):
        create_engine(address).connect()


def test_times_are_utc_on_a_lent_connection():
    con = duckdb.connect()
    con.execute("set TimeZone = 'America/New_York'")
    with dialect.lent(con) as address, create_engine(address).connect() as connection:
        assert connection.execute(text("select current_setting('TimeZone')")).scalar() == "UTC"


def test_a_regular_expression_compiles_to_duckdbs_function():
    from sqlalchemy import column

    dialect_ = create_engine("duckdb+lent:///x").dialect
    assert "regexp_matches" in str(column("a").regexp_match("^b").compile(dialect=dialect_))


def test_reading_suites_imports_nothing_heavy():
    import subprocess
    import sys

    code = "import sys, expectations.suites as s; s.required_tables(); sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parent, check=False).returncode == 0
