"""What the first rows of a file say."""

import gzip
import json
from pathlib import Path

import pytest

from ingestion.scaffold.sample import read_sample
from warehouse.errors import CdpError


def types(path: Path) -> dict[str, str]:
    return {column.name: column.data_type for column in read_sample(path).columns}


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["true", "FALSE"], "boolean"),
        (["2024-01-31", "2023-12-01"], "date"),
        (["2024-01-31", "2024-01-31T10:00:00Z"], "timestamp"),
        (["2024-01-31 10:00", "2024-01-31T10:00:00.5+02:00"], "timestamp"),
        (["1", "-20", "0"], "bigint"),
        (["1", "2.50"], "decimal(18,2)"),
        (["1e3", "2.123"], "double"),
        (["007", "12"], "varchar"),
        (["31.01.2024", "01.02.2024"], "varchar"),
        (["", ""], "varchar"),
    ],
)
def test_a_type_is_one_that_every_value_fits(tmp_path, values, expected):
    path = written(tmp_path, "s.csv", "thing,x\n" + "".join(f"{value},y\n" for value in values))

    assert types(path)["thing"] == expected


@pytest.mark.parametrize("name", ["zip", "phone", "account_id", "accountId", "order_no", "sku"])
def test_digits_that_name_something_stay_text(tmp_path, name):
    assert types(written(tmp_path, "s.csv", f"{name}\n12345\n"))[name] == "varchar"


@pytest.mark.parametrize("name", ["paid", "total", "employee_count"])
def test_a_name_that_only_ends_like_an_id_is_a_number(tmp_path, name):
    assert types(written(tmp_path, "s.csv", f"{name},x\n12345,y\n"))[name] == "bigint"


def test_the_key_is_unique_everywhere_present_and_called_an_id_if_any_is(tmp_path):
    path = written(tmp_path, "s.csv", "email,company_id,contact_id\na@x,1,k1\nb@x,1,k2\n")

    assert read_sample(path).key == "contact_id"


def test_without_a_unique_column_the_key_must_be_named(tmp_path):
    sample = read_sample(written(tmp_path, "s.csv", "a,b\n1,1\n1,1\n"))

    with pytest.raises(CdpError, match="--key"):
        _ = sample.key


def test_delimiters_marks_and_gzip_are_seen(tmp_path):
    path = tmp_path / "s.csv.gz"
    path.write_bytes(gzip.compress("\ufeffid;name\n1;Ann\n".encode()))

    sample = read_sample(path)

    assert (sample.delimiter, [column.name for column in sample.columns]) == (";", ["id", "name"])


def test_what_an_object_holds_are_columns_of_their_own(tmp_path):
    row = {"id": "1", "properties": {"email": "a@x", "address": {"city": "Bern"}}, "tags": ["a"]}

    assert types(written(tmp_path, "s.jsonl", json.dumps(row) + "\n")) == {
        "id": "varchar",
        "properties": "json",
        "properties.email": "varchar",
        "properties.address": "json",
        "properties.address.city": "varchar",
        "tags": "json",
    }


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("s.xlsx", "x", "neither .csv nor .jsonl"),
        ("s.csv", "", "holds no rows"),
        ("s.csv", "id,name\n", "holds no rows"),
        ("s.csv", "id,ID\n1,2\n", "nameless or repeated"),
        ("s.csv", "id,,name\n1,2,3\n", "nameless or repeated"),
        ("s.csv", 'id,"a\'b"\n1,2\n', "quotes"),
        ("s.jsonl", '{"a": 1}\n{"a":\n', "Line 2 of s.jsonl is not JSON"),
        ("s.jsonl", "[1]\n", "Line 1 of s.jsonl is no object"),
    ],
)
def test_a_sample_that_tells_nothing_is_refused_with_a_remedy(tmp_path, name, text, complaint):
    with pytest.raises(CdpError, match=complaint) as refused:
        read_sample(written(tmp_path, name, text))
    assert refused.value.remedy


def test_a_missing_file_and_another_encoding_are_said(tmp_path):
    with pytest.raises(CdpError, match="There is no file"):
        read_sample(tmp_path / "none.csv")

    (tmp_path / "latin.csv").write_bytes("id,name\n1,Jürgen\n".encode("latin-1"))
    with pytest.raises(CdpError, match="UTF-8"):
        read_sample(tmp_path / "latin.csv")
