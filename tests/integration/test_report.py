"""`cdp report` on a whole run: its figures are those of what is published, and it holds nobody's values."""

import re
from contextlib import closing
from pathlib import Path

import duckdb

from publishing.read import open_published
from tests.conftest import cdp
from warehouse.home import Home

PERSONAL = ("full_name", "given_name", "family_name", "email", "phone", "street")


def test_every_run_leaves_a_report_that_agrees_with_what_it_published(sample_run: Path) -> None:
    home = Home(sample_run)
    [page] = home.reports.glob("*.html")
    text = page.read_text()
    assert page.stem == home.current.resolve().name
    assert page.stat().st_mode & 0o777 == 0o600
    with closing(open_published(home)) as con:
        members = con.execute("select segment, count(*) from segment_members group by all").fetchall()
        [(customers,)] = con.execute("select count(*) from customers").fetchall()
    assert f"<b>{customers:,}</b>customers" in text
    assert members
    for segment, count in members:
        assert f"<td>{segment.replace('_', ' ')}</td><td class=figure>{count:,}</td>" in text


def test_the_report_holds_no_value_of_anybody(sample_run: Path) -> None:
    text = next(Home(sample_run).reports.glob("*.html")).read_text()
    words = set(re.findall(r"[^<>]+", text))
    with duckdb.connect(str(Home(sample_run).warehouse), read_only=True) as con:
        held = {
            value
            for column in PERSONAL
            for (value,) in con.execute(f"select distinct {column} from conformed.int_records").fetchall()
        }
    assert words & held == set()
    assert "@" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


def test_the_command_writes_where_it_is_told_and_says_so(sample_run: Path, tmp_path: Path) -> None:
    done = cdp(sample_run, "report", "--out", str(tmp_path / "here" / "report.html"))
    assert done.stdout.strip() == str(tmp_path / "here" / "report.html")
    assert (tmp_path / "here" / "report.html").read_text().startswith("<!doctype html>")


def test_where_nothing_is_published_the_error_says_what_to_do(tmp_path: Path) -> None:
    done = cdp(tmp_path / "home", "report")
    assert done.returncode != 0
    assert "cdp run" in done.stderr
