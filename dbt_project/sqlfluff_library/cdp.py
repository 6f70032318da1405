"""What the linter sees where a model calls a macro of the house: a query for the few that stand for one, else a value.

The linter renders Jinja without dbt, so macros that ask dbt's graph cannot run there.
"""

from collections.abc import Callable

QUERIES = {"typed", "latest", "rejects", "conform", "previous"}
RELATIONS = {"explode_json", "explode_text"}


class Value(str):
    """A value that also passes for an empty mapping, since some macros return one."""

    def items(self) -> list[tuple[str, str]]:
        return []

    def keys(self) -> list[str]:
        return []

    def values(self) -> list[str]:
        return []


def __getattr__(name: str) -> Callable[..., str]:
    shown = "select * from a_relation" if name in QUERIES else "a_value"
    return lambda *args, **kwargs: Value(f"({shown})" if name in RELATIONS else shown)
