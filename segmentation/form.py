"""Has a segment's query the form of a segment?

Belongs here: what can be told from the text alone. Must not go here: what takes rows to tell (preview.py, and
macros/segments.sql for a run).
Concept: a segment gives every customer considered and says of each which conditions hold. A `where` at the top drops
those who fail it, so that nothing could tell of waterfall, near-misses or exits any more.
"""

import json
from contextlib import suppress
from typing import Any

import duckdb

FUNCTION = "segment_problem"
CLAUSES = {"where_clause": "where", "having": "having", "qualify": "qualify", "sample": "using sample"}
MODIFIERS = {"LIMIT_MODIFIER": "limit", "LIMIT_PERCENT_MODIFIER": "limit", "DISTINCT_MODIFIER": "distinct"}


def segment_problem(name: str, query: str) -> str | None:
    """What is wrong with the form of a query: a sentence that begins with the segment's name and ends with the remedy.

    query: a select, or the `create view` that holds it; without any Jinja. None where its form is right.
    """
    select = query.strip().rstrip(";")
    if select[:11].lower() == "create view":
        select = select[select.index(" AS ") + 4 :]
    node = _parsed(select)
    if node is None:
        return f"{name} is not one select: a segment is `with … select * from final`"
    while node is not None:
        if node["type"] != "SELECT_NODE":
            return f"{name} puts several selects together at its top: do it in a CTE of its own, and end with final"
        if clauses := _narrowing(node):
            return (
                f"{name} has a {' and a '.join(clauses)} at its top: make each condition a boolean column of final, "
                "so that those who fail it stay in the rows"
            )
        node = _passed_through(node)
    return None


def register(con: duckdb.DuckDBPyConnection) -> None:
    """segment_problem(name, query) for a database, for every connection of this process; harmless when repeated."""
    with suppress(duckdb.CatalogException, duckdb.NotImplementedException):  # it is known already
        con.create_function(FUNCTION, _or_empty, ["VARCHAR", "VARCHAR"], "VARCHAR")


def _or_empty(name: str, query: str) -> str:
    return segment_problem(name, query) or ""


def _parsed(select: str) -> dict[str, Any] | None:
    with duckdb.connect() as con:
        text = con.execute("select json_serialize_sql($select)", {"select": select}).fetchall()[0][0]
    tree = json.loads(text)
    return None if tree["error"] or len(tree["statements"]) != 1 else tree["statements"][0]["node"]


def _narrowing(node: dict[str, Any]) -> list[str]:
    """The words of a select that leave rows out. `group by` is none: it makes one row of several."""
    return [word for clause, word in CLAUSES.items() if node.get(clause)] + [
        MODIFIERS[each["type"]] for each in node["modifiers"] if each["type"] in MODIFIERS
    ]


def _passed_through(node: dict[str, Any]) -> dict[str, Any] | None:
    """The CTE that a `select * from <it>` stands for: the real top. None where the select does something of its own."""
    table, columns = node["from_table"], node["select_list"]
    if table["type"] != "BASE_TABLE" or [column["class"] for column in columns] != ["STAR"]:
        return None
    ctes = {each["key"]: each["value"]["query"]["node"] for each in node["cte_map"]["map"]}
    found = ctes.pop(table["table_name"], None)
    if found:  # what came before it stays in sight
        found["cte_map"]["map"] += [{"key": key, "value": {"query": {"node": value}}} for key, value in ctes.items()]
    return found
