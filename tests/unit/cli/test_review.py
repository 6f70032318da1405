"""`cdp identity review`: blind, one pair at a time, stopped at any moment, and nothing lost."""

import os
import pty
import subprocess
import sys
import termios
import time
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from cli.main import app
from governance.judgements import counting
from warehouse.errors import CdpError
from warehouse.home import PROJECT, Home
from warehouse.state import open_state


def review(*args: str, keys: str = "") -> str:
    result = CliRunner().invoke(app, ["identity", "review", *args], input=keys)
    if isinstance(result.exception, CdpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_answers_are_judgements_and_labels(tiny_home: Home) -> None:
    said = review("--author", "ann", keys="s\nD\nu\nq\n")
    assert "3 answered: 1 same, 1 different, 1 unsure" in said
    assert sorted(one.verdict for one in counting(tiny_home)) == ["different", "same", "unsure"]
    with closing(open_state(tiny_home)) as state:
        labels = state.execute("select * from labels join judgements using (judgement_id)").fetchall()
    assert len(labels) == 3
    assert all(0 < row["draw_probability"] <= 1 and 0 <= row["match_probability"] <= 1 for row in labels)
    assert {row["author"] for row in labels} == {"ann"}


def test_the_pair_is_shown_blind(tiny_home: Home) -> None:
    shown = review(keys="q\n").split("Nothing was answered")[0]
    assert "ada canary" in shown
    assert "a.canary@example.com" in shown
    for model_speaks in ("0.", "1.5", "weight", "probab", "joined", "apart", "cus_", "exposure", "cut"):
        assert model_speaks not in shown


def test_quality_is_printed_with_its_interval(tiny_home: Home) -> None:
    said = review(keys="s\n" * 6)
    assert "precision  1.000, between 0." in said
    assert "recall     0.500, between 0." in said


def test_without_answers_quality_is_not_known(tiny_home: Home) -> None:
    assert review(keys="").count("not known yet") == 2


def test_the_end_of_the_input_is_quitting_and_the_next_session_goes_on(tiny_home: Home) -> None:
    assert "1 of 6" in review(keys="s\n")
    assert "1 of 5" in review(keys="")
    assert len(counting(tiny_home)) == 1


def test_on_a_terminal_a_key_pressed_too_fast_answers_nothing_unseen(tiny_home: Home) -> None:
    keyboard, terminal = pty.openpty()
    asked = subprocess.Popen(
        [sys.executable, "-m", "cli", "identity", "review"], cwd=PROJECT, stdin=terminal, stdout=subprocess.PIPE
    )
    assert asked.stdout is not None
    for keys in (b"xss", b"q"):
        shown = b""
        while not shown.endswith(b"q quit: "):
            shown += asked.stdout.read(1)
        while termios.tcgetattr(terminal)[3] & termios.ICANON:  # until it reads keys, not lines
            time.sleep(0.02)
        os.write(keyboard, keys)
    rest = asked.stdout.read().decode()
    assert asked.wait(timeout=30) == 0
    assert "1 answered: 1 same" in rest
    assert len(counting(tiny_home)) == 1


def test_limit_bounds_the_session(tiny_home: Home) -> None:
    assert "2 of 2" in review("--limit", "2", keys="s\ns\ns\n")
    assert len(counting(tiny_home)) == 2


def test_answers_may_come_from_a_file(tiny_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("s\nd\n")
    assert "2 answered" in review("--answers", str(file))


@pytest.mark.parametrize(("content", "stored"), [("s\ncanary\ns\n", 1), ("canary", 0)])
def test_an_answer_that_is_none_stops_there_and_keeps_those_before(tiny_home, tmp_path, content, stored) -> None:
    file = tmp_path / "keys"
    file.write_text(content)
    with pytest.raises(CdpError, match=f"Answer {stored + 1} is none") as refused:
        review("--answers", str(file))
    assert "canary" not in str(refused.value)
    assert len(counting(tiny_home)) == stored


def test_a_file_of_answers_that_is_not_there_is_said(tiny_home: Home) -> None:
    with pytest.raises(CdpError, match="no file keys"):
        review("--answers", "keys")


def test_a_generation_without_edges_says_what_to_do(tiny_home: Home) -> None:
    (tiny_home.current / "activation.duckdb").unlink()
    with duckdb.connect(str(tiny_home.current.resolve() / "activation.duckdb")) as con:
        con.execute("create table identity_map (record_id varchar)")
    with pytest.raises(CdpError, match="cdp run"):
        review()
