"""What a person gets wrong is one sentence that names it and one that says what to do, and never a traceback.

Belongs here: what no command's own test has: paths that are no files, homes that are no homes, words out of place. Must
not go here: what is right.
"""

import socket
import sys
from pathlib import Path

import pytest

from cli.main import entry
from warehouse.home import Home
from warehouse.lock import run_lock


@pytest.fixture
def place(tmp_path: Path, home: Home) -> Path:
    """Where the words below name files: an empty one, one that is no text, and a folder."""
    (tmp_path / "empty.csv").touch()
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00,\x81\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "roles.yml").write_text("unique_id: id\nroles: {given_name: name}\n")
    return tmp_path


def refused(*words: str) -> str:
    """What `cdp` says of these words, which it must refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["cdp", *words])
        with pytest.raises(SystemExit) as ended:
            entry()
    return str(ended.value.code)


@pytest.mark.parametrize("file", ["nowhere.csv", "folder.csv", "empty.csv", "bytes.csv"])
@pytest.mark.parametrize(
    "words",
    [
        "identity judge --file {file}",
        "identity import-crosswalk {file}",
        "identity score --assignments {file} --truth {file}",
        "identity resolve --records {file} --roles {place}/roles.yml --out {place}/out",
        "identity resolve --records {place}/empty.csv --roles {file} --out {place}/out",
        "identity preview --roles {file}",
        "segment add night_owls --owner a --description b --from {file}",
        "add source {file} --source club --table members",
    ],
)
def test_a_file_that_is_none_is_named(place: Path, capsys: pytest.CaptureFixture[str], words: str, file: str) -> None:
    assert refused(*words.format(file=place / file, place=place).split()) == "1"

    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert "Traceback" not in said
    assert said.count(". ") + said.count(".\n") >= 2, said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("replay --source hubspot --table nosuch", "No table nosuch. Declared are: hubspot.companies"),
        ("identity review --answers {place}/folder.csv", "There is no file folder.csv. Give a file with one of"),
        ("identity resolve --records {place}/bytes.csv --roles {place}/roles.yml --out {place}/empty.csv",
         "empty.csv cannot be used: File exists. Name one that is there"),
        ("demo-data --people 3 --out {place}/empty.csv", "cannot be used: Not a directory. Name one that is there"),
    ],
)  # fmt: skip
def test_words_out_of_place_end_with_a_remedy(
    place: Path, capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    assert refused(*words.format(place=place).split()) == "1"

    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", ["status", "run", "identity judgements", "identity train"])
def test_a_home_that_is_a_file_is_none(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    monkeypatch.setenv("CDP_HOME", str(place / "empty.csv"))

    assert refused(*words.split()) == "1"
    assert "cannot be used: File exists. Set CDP_HOME to a folder that is yours" in capsys.readouterr().err
    assert refused("doctor") == "1"
    assert "FAIL  The home" in capsys.readouterr().out


def test_a_state_that_is_no_database_is_told_and_left_alone(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home.state.write_text("not a database, but all that was decided")

    assert refused("identity", "judgements") == "1"

    assert "state.sqlite cannot be used: file is not a database. It must be whole" in capsys.readouterr().err
    assert home.state.read_text() == "not a database, but all that was decided"


@pytest.mark.parametrize("words", ["replay", "identity train"])
def test_a_run_in_progress_is_told_and_waited_for_by_the_shell(
    home: Home, capsys: pytest.CaptureFixture[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with run_lock(home):
        monkeypatch.setattr("warehouse.lock._held", set())  # as another process sees it

        assert refused(*words.split()) == "75"

    assert "progress" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told_before_anything_is_started(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert refused("ui", "--port", str(port)) == "1"

    assert f"Port {port} cannot be listened on" in capsys.readouterr().err
