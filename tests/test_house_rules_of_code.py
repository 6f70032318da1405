"""House rules about Python and SQL text, as data: each gives the files that break it, and each is broken once.

Belongs here: rules that a syntax tree or a pattern can check. Must not go here: what ruff checks already, or rules
about dbt's models (test_house_rules.py).
Concept: DESIGN, sections 2 and 12; STYLE, "Shape".
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.home import PROJECT

ROOMS = (
    *("activation", "benchmarks", "cli", "expectations", "governance", "identity", "ingestion", "orchestration"),
    *("publishing", "reporting", "scoring", "seeds", "segmentation", "standardise", "warehouse"),
)
HEAVY = {"great_expectations", "splink", "dbt", "dlt", "dagster", "dagster_dbt", "pandas"}
# Modules that are imported inside functions only, or by dbt itself.
BEHIND_A_FUNCTION = {"expectations/translate.py": {"great_expectations"}, "warehouse/dbt_plugin.py": {"dbt"}}
CLOCK = re.compile(r"\b(now\s*\(\s*\)|current_timestamp|current_date|today\s*\(\s*\))", re.IGNORECASE)


def python_files(root: Path) -> Iterator[Path]:
    return (path for room in ROOMS for path in sorted((root / room).rglob("*.py")))


def imported(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return {node.module.split(".")[0]} if isinstance(node, ast.ImportFrom) and node.module else set()


def only_orchestration_imports_dagster(root: Path) -> list[str]:
    """But for the two commands that start it."""
    allowed = {"cli/run.py", "cli/ui.py"}
    return [
        str(path.relative_to(root))
        for path in python_files(root)
        if path.relative_to(root).parts[0] != "orchestration"
        and str(path.relative_to(root)) not in allowed
        and any(imported(node) & {"dagster", "dagster_dbt"} for node in ast.walk(ast.parse(path.read_text())))
    ]


def heavy_libraries_are_imported_inside_functions(root: Path) -> list[str]:
    broken = []
    for path in python_files(root):
        place = str(path.relative_to(root))
        allowed = {"dagster", "dagster_dbt", "dbt"} if place.startswith("orchestration/") else set()
        found = {name for node in ast.parse(path.read_text()).body for name in imported(node)} & HEAVY
        broken += [f"{place}: {name}" for name in sorted(found - allowed - BEHIND_A_FUNCTION.get(place, set()))]
    return broken


def nothing_fetches_one_row_of_duckdb(root: Path) -> list[str]:
    """It leaves the connection busy, and the next query on it raises."""
    return [str(path.relative_to(root)) for path in python_files(root) if ".fetchone(" in path.read_text()]


def every_module_says_what_belongs_there(root: Path) -> list[str]:
    modules = ((path, ast.parse(path.read_text())) for path in python_files(root))
    return [str(path.relative_to(root)) for path, tree in modules if tree.body and not ast.get_docstring(tree)]


def models_never_ask_the_clock(root: Path) -> list[str]:
    folders = (root / "dbt_project" / "models", root / "dbt_project" / "macros", root / "dbt_project" / "tests")
    return [
        f"{path.relative_to(root)}: {found[0]}"
        for folder in folders
        for path in sorted(folder.rglob("*.sql"))
        if (found := CLOCK.search(_without_comments(path.read_text())))
    ]


def _without_comments(sql: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", "", sql, flags=re.DOTALL)


def dbt_needs_no_hub(root: Path) -> list[str]:
    """Its packages cannot be had offline, and the file's presence makes Dagster ask for them."""
    return [name for name in ("packages.yml", "dependencies.yml") if (root / "dbt_project" / name).exists()]


FILE_RULES = {
    only_orchestration_imports_dagster: ("identity/x.py", '"""X."""\ndef f():\n    import dagster\n'),
    heavy_libraries_are_imported_inside_functions: ("identity/x.py", '"""X."""\nimport splink.internals\n'),
    nothing_fetches_one_row_of_duckdb: ("publishing/x.py", '"""X."""\nrow = con.execute("select 1").fetchone()\n'),
    every_module_says_what_belongs_there: ("warehouse/x.py", "x = 1\n"),
    models_never_ask_the_clock: ("dbt_project/models/x.sql", "select now() as at\n"),
    dbt_needs_no_hub: ("dbt_project/packages.yml", "packages: []\n"),
}


@pytest.mark.parametrize("rule", FILE_RULES, ids=lambda rule: rule.__name__)
def test_files_keep_the_house_rules(rule):
    assert rule(PROJECT) == []


@pytest.mark.parametrize("rule", FILE_RULES, ids=lambda rule: rule.__name__)
def test_each_rule_about_files_bites(tmp_path, rule):
    name, text = FILE_RULES[rule]
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    assert len(rule(tmp_path)) == 1


def test_the_rules_look_at_files_that_are_there():
    assert len(list(python_files(PROJECT))) > 50
