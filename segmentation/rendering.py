"""A segment's file as the query that it stands for, over what is published.

Belongs here: the few words of Jinja that a segment may use outside dbt. Must not go here: running the query.
Concept: DESIGN, section 7: a segment reads public models only, so what is published is all that it takes.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

import jinja2
import yaml
from jinja2.sandbox import SandboxedEnvironment

from warehouse.errors import CdpError
from warehouse.home import PROJECT

DBT_PROJECT = PROJECT / "dbt_project"
WORDS = "ref('a_public_model'), cdp.as_of(), cdp.texts([…]) and var('…')"


class _House:
    """What `cdp.` means in a segment."""

    def __init__(self, as_of: datetime) -> None:
        self._as_of = as_of

    def as_of(self) -> str:
        return f"timestamp '{self._as_of.isoformat(sep=' ')}'"

    @staticmethod
    def texts(values: Collection[str]) -> str:
        return ", ".join("'" + value.replace("'", "''") + "'" for value in dict.fromkeys(values))


def rendered(name: str, text: str, as_of: datetime, tables: Collection[str]) -> str:
    """The SQL of a segment: ref() gives the published table, cdp.as_of() the moment that the generation speaks of.

    tables: what is published. Raises CdpError for a private model, an unknown one, or Jinja that only dbt knows.
    """
    refused: list[str] = []

    def ref(model: str) -> str:
        if model not in tables:
            refused.append(_why_not(name, model))
        return f"published.main.{model}"

    try:
        template = SandboxedEnvironment(undefined=jinja2.StrictUndefined).from_string(text)
        sql = template.render(ref=ref, var=_variable, cdp=_House(as_of), config=lambda **_: "")
    except jinja2.TemplateError as error:
        raise CdpError(
            f"{name} holds Jinja that a preview cannot read: {error.message or 'a mistake of syntax'}",
            remedy=f"A segment knows {WORDS}.",
        ) from None
    if refused:
        raise CdpError("; ".join(refused), remedy='`cdp sql "show tables"` lists the public ones.')
    return sql


def _why_not(name: str, model: str) -> str:
    is_private = any((DBT_PROJECT / "models").rglob(f"{model}.sql"))
    return f"{name} reads {model}, which is {'private: read public models only' if is_private else 'no model'}"


def _variable(name: str, default: Any = None) -> Any:
    return _variables().get(name, default)


@cache
def _variables() -> dict[str, Any]:
    return yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
