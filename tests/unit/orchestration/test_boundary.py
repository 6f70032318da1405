"""What an op raises reaches Dagster's log without any value."""

from collections.abc import Iterator

import dagster as dg
import duckdb
import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

from orchestration.boundary import without_values
from warehouse.errors import CdpError

NAME = "Zyxquorine Vexlathorpe"


def test_an_engines_error_is_told_without_its_values() -> None:
    @without_values
    def step() -> None:
        duckdb.sql(f"select cast('{NAME}' as integer)").fetchall()

    with pytest.raises(dg.Failure) as raised:
        step()

    assert "ConversionException" in (raised.value.description or "")
    assert NAME not in _as_dagster_keeps_it(raised)
    assert "test_boundary.py" in str(raised.value.metadata["raised at"].value)


def test_a_stream_is_guarded_while_it_is_read() -> None:
    @without_values
    def step() -> Iterator[int]:
        yield 1
        raise ValueError(f"no such customer: '{NAME}'")

    stream = step()

    assert next(stream) == 1
    with pytest.raises(dg.Failure) as raised:
        next(stream)
    assert NAME not in _as_dagster_keeps_it(raised)


def test_our_own_error_passes_without_what_caused_it() -> None:
    @without_values
    def step() -> None:
        try:
            raise ValueError(NAME)
        except ValueError as error:
            raise CdpError("The file is no CSV", remedy="Send it again.") from error

    with pytest.raises(CdpError, match="The file is no CSV") as raised:
        step()

    assert NAME not in _as_dagster_keeps_it(raised)


def _as_dagster_keeps_it(raised: pytest.ExceptionInfo[BaseException]) -> str:
    return serializable_error_info_from_exc_info((raised.type, raised.value, raised.tb)).to_string()
