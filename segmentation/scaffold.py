"""The files of a new segment.

Belongs here: their texts and where they go. Must not go here: judging a segment (form.py, preview.py).
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import yaml

from warehouse.errors import CdpError
from warehouse.home import PROJECT

WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
NAMES = re.compile(r"(?P<head>macro segment_names\(\).*?return\(\[\n)(?P<lines>.*?)(?P<tail>\n\s*\]\))", re.DOTALL)
STARTER = """\
-- Grain: one row per known customer.
with customers as (
    select * from {{ ref('customers') }}
),
traits as (
    select * from {{ ref('customer_traits') }}
),
final as (
    select
        customers.customer_id,
        customers.orders_count > 0 as has_ordered,
        coalesce(customers.last_seen_at >= {{ cdp.as_of() }} - interval 30 day, false) as has_been_seen_in_last_30_days
    from customers
    inner join traits on traits.customer_id = customers.customer_id
)
select * from final
"""
STARTER_CONDITIONS = {
    "has_ordered": "At least one order that was not cancelled.",
    "has_been_seen_in_last_30_days": "The last act of their own lies in the last 30 days.",
}


def write_segment(
    name: str,
    description: str,
    owner: str,
    suppresses: tuple[str, ...] = (),
    sql: str | None = None,
    conditions: tuple[str, ...] = (),
    project: Path = PROJECT,
) -> list[Path]:
    """Write seg_<name>.sql, its YAML and its line in macros/segments.sql; gives the three files.

    sql: the segment's text, its conditions beside it; without it, an example with two conditions. Raises CdpError,
    before anything is written, when the name is no word or is taken, or nobody answers for the segment.
    """
    dbt = project / "dbt_project"
    macro, library = dbt / "macros" / "segments.sql", dbt / "models" / "segments" / "library"
    model = library / f"seg_{name}.sql"
    if not WORD.fullmatch(name):
        raise CdpError(f"{name!r} is no name for a segment", remedy="Say who they are: lower-case words joined by _.")
    if not owner.strip() or not description.strip():
        raise CdpError(f"seg_{name} has no owner or no description", remedy="Give --owner and --description.")
    if any((dbt / "models").rglob(model.name)):
        raise CdpError(f"{model.name} exists already", remedy="Choose another name, or edit it.")
    listed = _with_name(macro, model.stem)
    model.write_text(sql or STARTER, encoding="utf-8")
    (library / f"_library__{name}.yml").write_text(
        _properties(model.stem, description, owner, suppresses, conditions if sql else tuple(STARTER_CONDITIONS)),
        encoding="utf-8",
    )
    macro.write_text(listed, encoding="utf-8")
    return [model, library / f"_library__{name}.yml", macro]


def _with_name(macro: Path, model: str) -> str:
    """The text of macros/segments.sql with one more name in its list, which stays in order."""
    text = macro.read_text(encoding="utf-8")
    found = NAMES.search(text)
    if not found:
        raise CdpError(
            f"{macro.name} has no segment_names() with a line per segment",
            remedy=f"Give it one, or add {model} by hand.",
        )
    names = sorted({*re.findall(r"'(seg_\w+)'", found["lines"]), model})
    lines = ",\n".join(f"        '{each}'" for each in names)
    return text[: found.start("lines")] + lines + text[found.end("lines") :]


def _properties(
    model: str, description: str, owner: str, suppresses: tuple[str, ...], conditions: tuple[str, ...]
) -> str:
    written_at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"  # the time to its first publish is measured from here
    meta: dict[str, object] = {"owner": owner} | ({"suppresses": list(suppresses)} if suppresses else {})
    meta["written_at"] = written_at
    columns = "".join(
        f"      - {_yaml({'name': each, 'description': STARTER_CONDITIONS.get(each, _sentence(each))})}\n"
        for each in conditions
    )
    return (
        f"version: 2\nmodels:\n  - name: {model}\n    description: {_yaml(description)}\n"
        f"    config: {{meta: {_yaml(meta)}}}\n    columns:\n{columns}"
    )


def _sentence(condition: str) -> str:
    return condition.replace("_", " ").capitalize() + "."


def _yaml(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=100_000, sort_keys=False, allow_unicode=True)
    return text.strip().removesuffix("\n...").strip()
