"""The SQL of a new staging model.

Belongs here: one expression per contract column. Must not go here: which column is which (mapping.py), or files
(write.py).
Concept: what a source's words mean in the contract's (a priority of 'P1', a status of 'resolved') is in
macros/staging.sql, so that the model reads as a list.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingestion.scaffold.mapping import FEEDS, Feed, is_epoch, is_epoch_millis, match
from ingestion.scaffold.sample import Column, Sample

ONE_LINE_ADDRESS = re.compile(r".+, [^,]+, [A-Z]{2} \d{5}(-\d{4})?")
BARE = re.compile(r"[a-z][a-z0-9_]*")
# Words that a column of DuckDB's may only be called in quotes.
RESERVED = {
    "timestamp", "date", "time", "all", "and", "any", "as", "asc", "both", "case", "cast", "check", "column",
    "constraint", "create", "default", "desc", "distinct", "do", "else", "end", "except", "fetch", "for",
    "foreign", "from", "group", "having", "in", "initially", "intersect", "into", "lateral", "leading", "limit",
    "not", "null", "offset", "on", "only", "or", "order", "primary", "references", "returning", "select", "some",
    "table", "then", "to", "trailing", "union", "unique", "user", "using", "when", "where", "window", "with",
}  # fmt: skip


@dataclass(frozen=True)
class NewTable:
    """What a person asked for. feed: a key of FEEDS, or None for a table that only stands in staging."""

    source: str
    table: str
    sample: Sample
    key: tuple[str, ...]
    delivery: str
    ordered_by: str | None
    owner: str
    purpose: str
    party: str
    feed: str | None
    country: str | None = None

    @property
    def model(self) -> str:
        return f"stg_{self.source}__{self.table}"

    @property
    def feeds(self) -> Feed | None:
        return FEEDS[self.feed] if self.feed else None

    @property
    def mapping(self) -> dict[str, str]:
        return match(self.sample, self.feed) if self.feed else {}

    @property
    def columns(self) -> dict[str, Column]:
        return {column.name: column for column in self.sample.columns}

    @property
    def unmapped(self) -> list[str]:
        """Columns that reach no contract, without the JSON columns whose parts are columns themselves."""
        used = {*self.mapping.values(), *self.key}
        parents = {name.rsplit(".", depth)[0] for name in self.columns for depth in range(1, name.count(".") + 1)}
        return [name for name in self.columns if name not in used | parents]

    @property
    def members(self) -> str:
        """The model that says which company each person belongs to, where a column names one."""
        return f"{self.model}_account_members"

    @property
    def row_key(self) -> str:
        """The column of the staging model that names its rows."""
        return self.feeds.id_column if self.feeds else f"{_word(self.key[0])}_{self.source}"


def staging_model(new: NewTable, others: Mapping[str, str], contract: set[str]) -> str:
    """The SQL of the staging model: source → renamed → select.

    others: columns that name rows of another table of the source → the feed of that table.
    contract: every column of the conformed model, so that no other column gets into it by its name alone.
    """
    lines = [*_ids(new, others), *_mapped(new), *_derived(new), *_rest(new, others, contract)]
    columns = ",\n".join(f"        {line}" for line in lines)
    return (
        f"with source as (\n\n    {{{{ cdp.typed('{new.source}', '{new.table}') }}}}\n\n),\n\n"
        f"renamed as (\n\n    select\n{columns}\n    from source\n\n)\n\nselect * from renamed\n"
    )


def members_model(new: NewTable) -> str:
    """The SQL of a model beside the staging model of people that says which company each belongs to."""
    role = "job_title" if "job_title" in new.mapping else "'contact'"
    created = "created_at" if "created_at" in new.mapping else "cast(null as timestamp)"
    return (
        f"with people as (\n\n    select * from {{{{ ref('{new.model}') }}}}\n\n),\n\n"
        "members as (\n\n    select\n        account_record_id,\n        record_id,\n        source,\n"
        f"        {role} as role,\n        {_named(created, 'created_at')}"
        "\n    from people\n    where account_record_id is not null\n\n)\n\nselect * from members\n"
    )


def _ids(new: NewTable, others: Mapping[str, str]) -> Iterator[str]:
    own = " || ':' || ".join(_text(new.columns[name]) for name in new.key)
    yield f"'{new.source}:' || {own} as {new.row_key}"
    yield f"'{new.source}' as source"
    if new.feed in {"records", "tickets", "orders"}:
        yield _named(own, f"source_{new.feed.removesuffix('s')}_id")
    for column, feed in others.items():
        target = FEEDS[feed].id_column
        if new.feeds and new.feeds.id_column != target:
            yield f"'{new.source}:' || {_text(new.columns[column])} as {target}"
            if (new.feed, feed) == ("events", "records"):
                yield _named(_text(new.columns[column]), "user_id")


def _mapped(new: NewTable) -> Iterator[str]:
    for target, name in new.mapping.items():
        column = new.columns[name]
        if target == "street":
            yield from _address(new, column)
        else:
            yield _named(_expression(new, target, column), target)


def _expression(new: NewTable, target: str, column: Column) -> str:
    quoted = _quoted(column.name)
    if column.name.lower().endswith("cents"):
        currency = _quoted(new.mapping["currency"]) if "currency" in new.mapping else "null"
        return f"{{{{ cdp.from_minor_units('{quoted}', '{currency}') }}}}"
    if target.endswith("_at"):
        return _moment(column)
    if target == "birth_date" and column.data_type != "date":
        country = _quoted(new.mapping["country"]) if "country" in new.mapping else "null"
        text = f"cast({quoted} as date)" if column.data_type == "timestamp" else None
        return text or f"{{{{ cdp.written_date('{quoted}', '{country}') }}}}"
    if target == "country" and new.country:
        return f"coalesce({quoted}, '{new.country}')"
    words = {"currency": f"upper({quoted})", "priority": f"{{{{ cdp.ticket_priority('{quoted}') }}}}"}
    if target == "activity_type":
        return f"{{{{ cdp.activity_type('{quoted}') }}}}"
    return words.get(target, quoted)


def _moment(column: Column) -> str:
    quoted = _quoted(column.name)
    if is_epoch(column):
        return f"{{{{ cdp.epoch_{'millis' if is_epoch_millis(column) else 'seconds'}('{quoted}') }}}}"
    return f"cast({quoted} as timestamp)" if column.data_type == "date" else quoted


def _address(new: NewTable, column: Column) -> Iterator[str]:
    """A whole address in one line is taken apart; a street gives its house number where no column has it."""
    quoted = _quoted(column.name)
    fitting = [text for text in column.examples if ONE_LINE_ADDRESS.fullmatch(text)]
    if column.examples and len(fitting) * 10 >= len(column.examples) * 9:
        parts = [part for part in ("city", "region", "postal_code", "country") if part not in new.mapping]
        for part in parts:
            yield f"{{{{ cdp.us_address('{quoted}', '{part}') }}}} as {part}"
        yield f"{{{{ cdp.street(cdp.us_address('{quoted}', 'street')) }}}} as street"
        yield f"{{{{ cdp.house_number(cdp.us_address('{quoted}', 'street')) }}}} as house_number"
    elif "house_number" in new.mapping:
        yield _named(quoted, "street")
    else:
        yield f"{{{{ cdp.street('{quoted}') }}}} as street"
        yield f"{{{{ cdp.house_number('{quoted}') }}}} as house_number"


def _derived(new: NewTable) -> Iterator[str]:
    """What the contract asks for, and only other columns tell."""
    has = {target: _quoted(name) for target, name in new.mapping.items()}
    if new.feed in {"records", "accounts"} and new.country and "country" not in has and not _is_one_line(new):
        yield f"'{new.country}' as country"
    if new.feed == "events":
        yield "'track' as event_type"
        if "user_agent" in has:
            yield f"{{{{ cdp.traffic_rule('{has['user_agent']}') }}}} as excluded_by"
        yield ("{{ cdp.is_bot('excluded_by') }}" if "user_agent" in has else "false") + " as is_bot"
    if new.feed == "tickets":
        status, solved = has.get("status", "cast(null as varchar)"), has.get("solved_at", "null")
        yield f"{{{{ cdp.is_open_ticket('{status}', '{solved}') }}}} as is_open"
        priority = f"{{{{ cdp.ticket_priority('{has['priority']}') }}}}" if "priority" in has else "null"
        yield f"coalesce({priority} in ('high', 'urgent'), false) as is_severe"
    if new.feed == "invoices" and "amount_due" in has and "amount_paid" not in has:
        amount = _expression(new, "amount_due", new.columns[new.mapping["amount_due"]])
        yield f"case when {_is_paid(new, has)} then {amount} else 0 end as amount_paid"
    if new.feed == "orders":
        yield "'online' as channel"
    if new.feed == "activities":
        if "activity_type" not in has:
            yield "'note' as activity_type"
        elif "title" not in has:
            yield f"{has['activity_type']} as title"


def _is_paid(new: NewTable, has: Mapping[str, str]) -> str:
    """By the status where it has the word: a void invoice may carry the day of a payment that was given back."""
    words = {text.lower() for text in new.columns[new.mapping["status"]].examples} if "status" in has else set()
    if "paid" in words or "paid_at" not in has:
        return f"lower({has['status']}) = 'paid'" if "paid" in words else "false"
    return f"{has['paid_at']} is not null"


def _is_one_line(new: NewTable) -> bool:
    name = new.mapping.get("street")
    return bool(name) and any(ONE_LINE_ADDRESS.fullmatch(text) for text in new.columns[str(name)].examples)


def _rest(new: NewTable, others: Mapping[str, str], contract: set[str]) -> Iterator[str]:
    """Columns that no contract knows stay in staging, under a name that is not the contract's."""
    taken = {*contract, new.row_key, "source", "record_id", "account_record_id", *RESERVED}
    for name in [*new.key, *new.unmapped]:
        if name in others and new.feeds:
            continue
        word = _word(name)
        while word in taken:
            word = f"{word}_{new.source}"
        taken.add(word)
        yield _named(_quoted(name), word)


def _text(column: Column) -> str:
    return _quoted(column.name) if column.data_type == "varchar" else f"cast({_quoted(column.name)} as varchar)"


def _quoted(name: str) -> str:
    return name if BARE.fullmatch(name) and name not in RESERVED else f'"{name}"'


def _named(expression: str, name: str) -> str:
    return expression if expression == name else f"{expression} as {name}"


def _word(name: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    return word if word[:1].isalpha() else f"column_{word}"
