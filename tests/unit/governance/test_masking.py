"""What each mask gives, and which columns it may not serve."""

import hashlib
import hmac
from pathlib import Path

import duckdb
import pytest

from governance.masking import mask_parameters, masked, misfit
from warehouse.home import Home
from warehouse.keys import derived_key


def shown(value: str, mask: str) -> object:
    return duckdb.sql(f"select {masked('x', mask)} from (select {value} as x)").fetchall()[0][0]


@pytest.mark.parametrize(
    ("mask", "value", "expected"),
    [
        ("keep", "'Ada'", "Ada"),
        ("domain", "'Ada@Example.COM'", "example.com"),
        ("domain", "'\"a@b\"@example.com'", "example.com"),
        ("domain", "'not an address'", None),
        ("domain", "null::varchar", None),
        ("year", "date '1987-12-31'", 1987),
        ("year", "timestamp '1987-12-31 23:59:59'", 1987),
        ("year", "null::date", None),
        ("initial", "' Émile'", "É"),
        ("initial", "'Zoë'", "Z"),
        ("initial", "'   '", None),
        ("initial", "null::varchar", None),
    ],
)
def test_a_mask_gives(mask: str, value: str, expected: object) -> None:
    assert shown(value, mask) == expected


def test_drop_gives_no_column() -> None:
    assert masked("x", "drop") is None


def test_a_keyed_hash_is_an_hmac_and_its_key_is_no_part_of_the_statement(tmp_path: Path) -> None:
    home = Home(tmp_path)
    key = derived_key(home, "mask")
    sql = f"select {masked('x', 'keyed_hash')}, x from (values ('ada@example.com'), (null)) as t (x)"

    parameters = mask_parameters(home, sql)
    rows = duckdb.execute(sql, parameters).fetchall()

    expected = hmac.new(key, b"ada@example.com", hashlib.sha256).hexdigest()[:32]
    assert rows == [(expected, "ada@example.com"), (None, None)]
    assert key.hex() not in sql
    assert not any(value.hex() in sql for value in parameters.values())


def test_a_statement_without_keyed_hash_needs_no_key(tmp_path: Path) -> None:
    assert mask_parameters(Home(tmp_path), "select 1") == {}
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize(
    ("name", "data_type", "mask", "fits"),
    [
        ("email", "varchar", "domain", True),
        ("body", "varchar", "drop", True),
        ("body", "varchar", "keep", True),
        ("body", "varchar", "keyed_hash", False),
        ("properties", "json", "keyed_hash", False),
        ("tags", "varchar[]", "initial", False),
        ("born_on", "date", "year", True),
        ("born_at", "timestamp", "year", True),
        ("born_on", "varchar", "year", False),
        ("height", "bigint", "initial", False),
        ("height", "bigint", "keyed_hash", True),
    ],
)
def test_a_mask_fits_only_what_it_can_mask(name: str, data_type: str, mask: str, fits: bool) -> None:
    assert (misfit(name, data_type, mask) is None) == fits


def test_a_column_marked_free_text_is_dropped_or_kept() -> None:
    assert misfit("remark", "varchar", "initial", free_text=True)
    assert misfit("remark", "varchar", "drop", free_text=True) is None
