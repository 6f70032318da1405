"""How tables are printed, and how a failed query is told."""

from decimal import Decimal

import duckdb
import pytest

from cli.query import _explained
from cli.show import table


def test_text_stands_left_and_numbers_right(capsys: pytest.CaptureFixture[str]) -> None:
    table(["name", "spent"], [("Ada", Decimal("1200.50")), ("Bo", None), ("Cy", Decimal("3.00"))])

    assert capsys.readouterr().out.splitlines() == [
        "name    spent",
        "Ada   1200.50",
        "Bo",
        "Cy       3.00",
    ]


def test_a_year_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    table(["birth_date"], [(1984,)])

    assert capsys.readouterr().out.split() == ["birth_date", "1984"]


def test_data_cannot_move_the_cursor_or_break_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    table(["title"], [("\x1b[2Jgone\u202e\r\nnext",)])

    printed = capsys.readouterr().out
    assert len(printed.splitlines()) == 2
    assert "\x1b" not in printed
    assert "\u202e" not in printed


def test_a_long_cell_is_printed_whole(capsys: pytest.CaptureFixture[str]) -> None:
    table(["text", "end"], [("x" * 200, "y")])

    assert "x" * 200 + "  y" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ('Cannot execute statement of type "INSERT" … attached in read-only mode!', "never changes"),
        ("Permission Error: File system LocalFileSystem has been disabled by configuration", "reaches for a file"),
        ("Conversion Error: Could not convert string 'Ada Lovelace' to INT32", "‹redacted›"),
    ],
)
def test_a_failed_query_is_told_without_values(message: str, said: str) -> None:
    told = str(_explained(duckdb.Error(message)))

    assert said in told
    assert "Ada" not in told
