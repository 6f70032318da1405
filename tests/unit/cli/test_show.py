"""How tables are printed, and how a failed query is told."""

from decimal import Decimal

import duckdb
import pytest

from cli.query import _explained
from cli.show import say, table


def test_text_stands_left_and_numbers_right(capsys: pytest.CaptureFixture[str]) -> None:
    table(["name", "spent"], [("Ada", Decimal("1200.50")), ("Bo", None), ("Cy", Decimal("3.00"))])

    assert capsys.readouterr().out.splitlines() == [
        "name    spent",
        "Ada   1200.50",
        "Bo",
        "Cy       3.00",
    ]


def test_what_a_query_gave_tells_null_from_an_empty_text_and_keeps_its_figures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table(["city", "change"], [("", -1.5), (None, None)], as_data=True)

    assert capsys.readouterr().out.splitlines() == ["city  change", "        -1.5", "NULL    NULL"]


def test_a_table_to_be_read_has_a_true_minus_and_nothing_for_what_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table(["lift", "drift", "name"], [(-0.3, 1e-05, "a-b"), (None, -1e-05, "-x")])

    assert capsys.readouterr().out.splitlines() == ["lift   drift  name", "−0.3   1e-05  a-b", "      −1e-05  -x"]


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
    table(["text", "end"], [("x" * 200, "y"), ("x", "z")])

    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == "x" * 200 + "  y"
    assert [line.index(cell) for line, cell in zip(printed, ("end", "y", "z"), strict=True)] == [202] * 3


def test_a_sentence_is_whole_on_a_pipe_and_folded_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "the edge between hubspot:1 and shopify:2 (14 bits: sixteen thousand to one)"
    say(said, "    ")
    assert capsys.readouterr().out == f"    {said}\n"

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "50")
    say(said, "    ")

    printed = capsys.readouterr().out.splitlines()
    assert printed == ["    the edge between hubspot:1 and shopify:2 (14", "    bits: sixteen thousand to one)"]


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
