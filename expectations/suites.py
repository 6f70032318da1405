"""Suites: what each table that crosses a layer must look like, as data.

Belongs here: reading and checking `expectations/<layer>__<table>.yml`, and writing one for a new table.
Must not go here: running them (gate.py), or the thresholds themselves (the YAML files).
Concept: https://docs.greatexpectations.io/docs/core/define_expectations/organize_expectation_suites

A suite holds `key` (the columns that name a row; used to point at breaking rows), `expectations`, and, only where it
must, `may_be_empty: <reason>`, `may_be_null: {<column>: <reason>}` and, where its promises are budgets that an operator
may exceed on purpose, `may_be_accepted: <reason>`.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from expectations.vocabulary import KINDS, Kwargs, columns_named, snake
from warehouse.errors import CdpError

FOLDER = Path(__file__).resolve().parent
LAYERS = ("raw", "staging", "conformed", "identity", "scoring", "profiles", "segments", "activation", "measures")
SEVERITIES = ("critical", "warning")
PARAMETERS = {"as_of", "tomorrow"}
SUITE_KEYS = {"description", "key", "may_be_empty", "may_be_null", "may_be_accepted", "expectations"}
REASONED_KEYS = {"may_be_empty": "why no rows are right", "may_be_accepted": "why a run may break it on purpose"}
# The parser in C where PyYAML has it: ten times faster, and as safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
EXPECTATION_KEYS = {"type", "kwargs", "severity", "reason"}


@dataclass(frozen=True)
class Expectation:
    """One promise, in Great Expectations' vocabulary, and why its threshold is what it is."""

    type: str
    kwargs: Kwargs
    severity: str
    reason: str

    @property
    def column(self) -> str | None:
        return ", ".join(columns_named(self.kwargs)) or None


@dataclass(frozen=True)
class Suite:
    """Everything promised of one table. Empty, or all-null in a column that it names, is failed unless said here."""

    name: str
    layer: str
    table: str
    expectations: tuple[Expectation, ...]
    key: tuple[str, ...] = ()
    may_be_empty: str | None = None
    may_be_null: dict[str, str] = field(default_factory=dict)
    may_be_accepted: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the suite speaks of, each once."""
        named = [column for expectation in self.expectations for column in columns_named(expectation.kwargs)]
        return tuple(dict.fromkeys([*self.key, *named]))


def load_suites(folder: Path = FOLDER) -> list[Suite]:
    """Every suite, in the order of the layers; all mistakes in all files are reported at once."""
    suites, mistakes = [], []
    for path in sorted(folder.glob("*.yml")):
        try:
            suites.append(load_suite(path))
        except CdpError as error:
            mistakes.append(error)
    if mistakes:
        raise CdpError("\n".join(error.message for error in mistakes), remedy=mistakes[0].remedy)
    return sorted(suites, key=lambda suite: (LAYERS.index(suite.layer), suite.table))


@cache
def required_tables(folder: Path = FOLDER) -> tuple[str, ...]:
    """`schema.table` of every table that must have passed before anything is published."""
    return tuple(suite.table for suite in load_suites(folder))


def load_suite(path: Path) -> Suite:
    """One file. Raises CdpError naming the file, everything that is wrong in it, and what to write instead."""
    layer, _, table = path.stem.partition("__")
    if layer not in LAYERS or not table:
        raise CdpError(
            f"{path.name}: a suite is named <layer>__<table>.yml, and a layer is one of {', '.join(LAYERS)}",
            remedy="Rename the file.",
        )
    content = _read(path)
    if mistakes := [*_suite_mistakes(content), *_expectation_mistakes(content)]:
        raise CdpError(
            "\n".join(f"{path.name}: {mistake}" for mistake in mistakes),
            remedy="Mend the file; expectations/conformed__int_records.yml is an example of every form.",
        )
    return Suite(
        name=path.stem,
        layer=layer,
        table=f"{layer}.{table}",
        expectations=tuple(_expectation(entry) for entry in content["expectations"]),
        key=tuple(content.get("key") or ()),
        may_be_empty=content.get("may_be_empty"),
        may_be_null=content.get("may_be_null") or {},
        may_be_accepted=content.get("may_be_accepted"),
    )


def template(layer: str, table: str, key: list[str], may_be_empty: str | None = None) -> str:
    """The text of a first suite for a new table: rows, and a key that is never null and, past raw, never repeated.

    Raw keeps every version of a row, so its key repeats. `may_be_empty` is the reason, where there is one.
    """
    volume = {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": {"min_value": 1},
        "reason": "a table that feeds the next layer has rows; none means that a delivery or a filter failed",
    }
    entries: list[dict[str, Any]] = [] if may_be_empty else [volume]
    for column in key:
        reason = "the key names the row; without it no row can be traced or replaced"
        entries.append({"type": "expect_column_values_to_not_be_null", "kwargs": {"column": column}, "reason": reason})
    if layer != "raw":
        entries.append({**_unique(key), "reason": "one row per key; a repeated key counts things twice"})
    content = {"key": key, "may_be_empty": may_be_empty, "expectations": entries}
    if not may_be_empty:
        del content["may_be_empty"]
    return f"# {layer}.{table}\n" + yaml.safe_dump(content, sort_keys=False, width=120, default_flow_style=None)


def _unique(key: list[str]) -> dict[str, Any]:
    if len(key) == 1:
        return {"type": "expect_column_values_to_be_unique", "kwargs": {"column": key[0]}}
    return {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": key}}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" at line {place.line + 1}" if place else ""
        raise CdpError(f"{path.name}: not readable as YAML{where}", remedy="Mend the file.") from None
    return content if isinstance(content, dict) else {}


def _expectation(entry: dict[str, Any]) -> Expectation:
    return Expectation(
        type=snake(entry["type"]),
        kwargs=dict(entry.get("kwargs") or {}),
        severity=entry.get("severity", "critical"),
        reason=entry["reason"].strip(),
    )


def _suite_mistakes(content: dict[str, Any]) -> list[str]:
    mistakes = _unknown(content, SUITE_KEYS)
    if not content.get("expectations"):
        mistakes.append("holds no expectations, and an empty suite would pass anything; write one, or delete the file")
    mistakes += [
        f"{key} needs its reason as its value: {key}: <{why}>"
        for key, why in REASONED_KEYS.items()
        if key in content and not _is_reason(content[key])
    ]
    nullable = content.get("may_be_null", {})
    if not isinstance(nullable, dict) or not all(_is_reason(reason) for reason in nullable.values()):
        mistakes.append("may_be_null maps each column to its reason: may_be_null: {column: <why all null is right>}")
    if not isinstance(content.get("key", []), list):
        mistakes.append("key is a list of columns: key: [record_id]")
    return mistakes


def _expectation_mistakes(content: dict[str, Any]) -> list[str]:
    mistakes = []
    for number, entry in enumerate(content.get("expectations") or [], start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
            mistakes.append(f"expectation {number} has no type")
            continue
        mistakes += [f"expectation {number} ({entry['type']}): {mistake}" for mistake in _entry_mistakes(entry)]
    return mistakes


def _entry_mistakes(entry: dict[str, Any]) -> list[str]:
    mistakes = _unknown(entry, EXPECTATION_KEYS)
    if not _is_reason(entry.get("reason")):
        mistakes.append("has no reason; say how its threshold was chosen")
    if entry.get("severity", "critical") not in SEVERITIES:
        mistakes.append(f"severity is {entry['severity']!r}; it is critical (blocks) or warning (tells)")
    return [*mistakes, *_kwargs_mistakes(snake(entry["type"]), entry.get("kwargs") or {})]


def _kwargs_mistakes(name: str, kwargs: Kwargs) -> list[str]:
    if name not in KINDS:
        return [f"unknown expectation; known: {', '.join(KINDS)}"]
    kind = KINDS[name]
    mistakes = [f"needs {argument}" for argument in sorted(kind.required - set(kwargs))]
    superfluous = set(kwargs) - kind.required - kind.optional - kind.either
    mistakes += [f"does not take {argument}" for argument in sorted(superfluous)]
    if kind.either and not kind.either & set(kwargs):
        mistakes.append(f"needs one of {', '.join(sorted(kind.either))}, or it can never fail")
    unknown = {value.get("$PARAMETER") for value in kwargs.values() if isinstance(value, dict)} - PARAMETERS
    mistakes += [f"knows the parameters {', '.join(sorted(PARAMETERS))} only" for _ in unknown]
    if isinstance(query := kwargs.get("unexpected_rows_query"), str):
        mistakes += _query_mistakes(query)
    return mistakes


def _query_mistakes(query: str) -> list[str]:
    try:
        fields = [field for _, field, _, _ in Formatter().parse(query) if field is not None]
    except ValueError:
        fields = [""]
    if set(fields) - {"batch"}:
        return ["in its query {batch} is the table; every other brace is written twice"]
    return [] if fields else ["its query must read from {batch}, the table under test"]


def _unknown(found: dict[str, Any], known: set[str]) -> list[str]:
    return [f"unknown key {name!r}; known: {', '.join(sorted(known))}" for name in sorted(set(found) - known)]


def _is_reason(value: Any) -> bool:
    return isinstance(value, str) and len(value.strip()) > 10
