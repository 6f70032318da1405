"""A suite that could pass by mistake is refused when it is read."""

from pathlib import Path

import pytest
import yaml

from expectations.suites import load_suite, load_suites, required_tables, template
from expectations.vocabulary import KINDS, camel, snake
from warehouse.errors import CdpError

REASON = "the reason of this threshold"
NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "record_id"}, "reason": REASON}


def written(folder: Path, content: object, name: str = "conformed__int_records.yml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_a_suite_knows_its_layer_its_table_and_its_columns(tmp_path):
    ranges = {"type": "ExpectColumnValuesToBeBetween", "kwargs": {"column": "age", "min_value": 0}, "reason": REASON}
    suite = load_suite(written(tmp_path, {"key": ["record_id"], "expectations": [NOT_NULL, ranges]}))
    assert (suite.layer, suite.table) == ("conformed", "conformed.int_records")
    assert suite.columns == ("record_id", "age")
    assert [expectation.type for expectation in suite.expectations][1] == "expect_column_values_to_be_between"
    assert suite.expectations[0].severity == "critical"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"expectations": []}, "holds no expectations"),
        ({"key": ["record_id"]}, "holds no expectations"),
        (None, "holds no expectations"),
        ({"expectations": [NOT_NULL], "thresholds": 1}, "unknown key 'thresholds'"),
        ({"expectations": [{**NOT_NULL, "reason": ""}]}, "has no reason"),
        ({"expectations": [{**NOT_NULL, "reason": None}]}, "has no reason"),
        ({"expectations": [{**NOT_NULL, "level": "high"}]}, "unknown key 'level'"),
        ({"expectations": [{**NOT_NULL, "severity": "info"}]}, "severity is 'info'"),
        ({"expectations": [{**NOT_NULL, "type": "expect_good_data"}]}, "unknown expectation"),
        ({"expectations": [{**NOT_NULL, "kwargs": {}}]}, "needs column"),
        ({"expectations": [{**NOT_NULL, "kwargs": {"column": "a", "most": 1}}]}, "does not take most"),
        ({"expectations": [{"kwargs": {"column": "a"}, "reason": REASON}]}, "has no type"),
        (
            {"expectations": [{**NOT_NULL, "type": "expect_column_values_to_be_between"}]},
            "needs one of max_value, min_value",
        ),
        (
            {
                "expectations": [
                    {
                        "type": "unexpected_rows_expectation",
                        "kwargs": {"unexpected_rows_query": "select 1"},
                        "reason": REASON,
                    }
                ]
            },
            "must read from {batch}",
        ),
        ({"expectations": [NOT_NULL], "may_be_empty": True}, "may_be_empty needs its reason"),
        ({"expectations": [NOT_NULL], "may_be_null": ["phone"]}, "may_be_null maps each column"),
    ],
)
def test_a_suite_that_promises_nothing_or_says_no_reason_is_refused(tmp_path, content, complaint):
    with pytest.raises(CdpError) as refusal:
        load_suite(written(tmp_path, content))
    assert complaint in refusal.value.message
    assert "conformed__int_records.yml" in refusal.value.message
    assert refusal.value.remedy


def test_a_suite_of_no_layer_is_refused(tmp_path):
    with pytest.raises(CdpError, match="<layer>__<table>"):
        load_suite(written(tmp_path, {"expectations": [NOT_NULL]}, "marts__customers.yml"))


def test_broken_yaml_names_the_line_and_quotes_nothing(tmp_path):
    path = tmp_path / "conformed__int_records.yml"
    path.write_text("key: [record_id]\nexpectations: [\n  grace@example.com: {", encoding="utf-8")
    with pytest.raises(CdpError, match="at line") as refusal:
        load_suite(path)
    assert "grace" not in str(refusal.value)


def test_all_mistakes_in_all_files_are_told_at_once(tmp_path):
    written(tmp_path, {"expectations": []}, "raw__a.yml")
    written(tmp_path, {"expectations": []}, "raw__b.yml")
    with pytest.raises(CdpError, match=r"(?s)raw__a.yml.*raw__b.yml"):
        load_suites(tmp_path)


@pytest.mark.parametrize("layer", ["raw", "staging"])
@pytest.mark.parametrize("key", [["id"], ["receipt_no", "line_no"]])
@pytest.mark.parametrize("may_be_empty", [None, "the shop sends it only in weeks with a campaign"])
def test_the_template_for_a_new_source_is_a_suite(tmp_path, layer, key, may_be_empty):
    path = tmp_path / f"{layer}__stg_erp__invoices.yml"
    path.write_text(template(layer, "stg_erp__invoices", key, may_be_empty), encoding="utf-8")
    suite = load_suite(path)
    assert suite.key == tuple(key)
    assert suite.may_be_empty == may_be_empty
    uniqueness = [e for e in suite.expectations if "unique" in e.type]
    assert len(uniqueness) == (layer == "staging")


def test_every_suite_of_the_project_reads_and_names_one_table():
    suites = load_suites()
    assert len({suite.table for suite in suites}) == len(suites) > 40
    assert required_tables() == tuple(suite.table for suite in suites)


def test_names_in_snake_and_camel_are_the_same():
    assert all(snake(camel(name)) == name for name in KINDS)
