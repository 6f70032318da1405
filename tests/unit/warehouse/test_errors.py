"""No value reaches a message; names of tables and columns do."""

import duckdb
import pytest

from warehouse.errors import CdpError, sanitised

CANARY = "ada.lovelace@example.com"


@pytest.mark.parametrize(
    "statement",
    [
        f"select cast('{CANARY}' as integer)",
        "select cast('born 1815-12-10' as date)",
        f"""select cast('{{"a": {CANARY}}}' as json)""",
        f"select strptime('{CANARY}', '%Y')",
        "select cast('+44 20 7946 0958' as integer)",
    ],
)
def test_an_engine_error_keeps_its_kind_and_loses_its_values(statement: str) -> None:
    with pytest.raises(duckdb.Error) as raised:
        duckdb.connect().execute(statement).fetchall()

    text = sanitised(raised.value)

    assert "Error" in text
    for canary in (CANARY, "ada", "1815", "7946"):
        assert canary not in text


def test_a_csv_error_loses_the_line_that_it_quotes() -> None:
    text = sanitised(f"CSV Error on Line: 3\nOriginal Line: 7,{CANARY}\nExpected Number of Columns: 2")

    assert CANARY not in text
    assert "CSV Error" in text


def test_names_of_columns_stay() -> None:
    assert sanitised('Binder Error: column "email_std" not found') == 'Binder Error: column "email_std" not found'


def test_a_message_ends_with_its_remedy() -> None:
    assert str(CdpError("The file is gone", remedy="Put it back.")) == "The file is gone. Put it back."
