"""Plots: every figure is on them, they stand alone, and what they name is escaped."""

import re
from xml.etree import ElementTree

import duckdb
import pytest

from identity.watching.plots import plots
from reporting.bars import FIGURES, LABELS, WIDTH, draw_bars
from reporting.page import STYLE
from tests.unit.identity.measured import Runs

SVG = "{http://www.w3.org/2000/svg}"


def bars_of(svg: str) -> list[float]:
    """Widths of the bars, as parts of the whole axis."""
    rects = ElementTree.fromstring(svg).findall(f"{SVG}rect")[1:]
    return [float(rect.get("width", 0)) / (WIDTH - LABELS - FIGURES) for rect in rects]


def texts_of(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).findall(f"{SVG}text")]


def test_bars_are_as_long_as_their_values_say() -> None:
    svg = draw_bars("Shares", [("a", 0.5, "50 %"), ("b", 0.25, "25 %")], most=1.0)
    assert bars_of(svg) == pytest.approx([0.5, 0.25], abs=0.001)
    assert texts_of(svg) == ["Shares", "a", "50 %", "b", "25 %"]


def test_a_limit_lies_on_the_axis_however_small_the_values() -> None:
    lines = ElementTree.fromstring(draw_bars("Drift", [("a", 0.0, "0")], limit=0.25)).findall(f"{SVG}line")
    assert LABELS < float(lines[0].get("x1", 0)) < WIDTH - FIGURES


def test_nothing_of_a_name_becomes_markup_and_nothing_is_loaded() -> None:
    svg = draw_bars('<script src="https://x">', [("<b>&", 1.0, "<i>")])
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()}
    assert tags == {"svg", "title", "desc", "rect", "text"}
    assert texts_of(svg)[1:] == ["<b>&", "<i>"]


def test_a_chart_takes_a_pages_colours_and_has_its_own_where_no_page_is_around_it() -> None:
    svg = draw_bars("Drift", [("a", 0.1, "10 %")], limit=0.25)
    colours = {
        colour
        for element in ElementTree.fromstring(svg).iter()
        for colour in (element.get("fill"), element.get("stroke"))
    }
    named = {re.fullmatch(r"var\((--[a-z]+), #[0-9a-f]{6}\)", colour)[1] for colour in colours - {None}}
    assert named == {"--card", "--line", "--ink", "--soft", "--for", "--against"}
    assert all(f"{name}:" in STYLE for name in named)


def test_every_plot_is_of_this_run_alone() -> None:
    runs = Runs(duckdb.connect())
    runs.con.execute("insert into identity.canary_scores values ('pair_f1', 0.5), ('records', 224)")
    runs.agree({"same": 300, "alike": 100})
    runs.run()
    runs.con.execute("delete from identity.canary_scores")
    runs.agree({"same": 100, "alike": 300})
    runs.run()
    runs.con.execute("create schema meta; create table meta.run as select 'run2' as run_id")
    drawn = plots(runs.con)
    assert list(drawn) == [
        *("Match rate per source", "Duplicates within a source", "Customers by number of records"),
        *("Evidence per field, mean bits", "Drift per field since training"),
    ]
    assert texts_of(drawn["Match rate per source"])[1:] == ["crm", "100.0%", "shop", "66.7%"]
    assert texts_of(drawn["Customers by number of records"])[1:7] == ["1", "1", "2", "1", "3-5", "1"]
    assert texts_of(drawn["Drift per field since training"])[1:] == ["email", "1.099"]
