"""Masks: what a reader without rights sees in place of a value.

Belongs here: the masks, the types they fit, and their SQL. Must not go here: which column has which mask; dbt's YAML
says that in `meta.mask`.
Concept: DESIGN, section 3. A keyed hash is HMAC-SHA256: equal values stay equal, so masked tables still join, but
without the key nobody can test a guess. The key is a bound parameter and never part of a statement's text.
"""

import re

from warehouse.home import Home
from warehouse.keys import derived_key

MASKS = ("keep", "drop", "keyed_hash", "domain", "year", "initial")
HASH_LENGTH = 32  # hex digits, 128 bits: no collision to expect below 10^18 values, half the width of the full hash
BLOCK_BYTES = 64  # of SHA-256, RFC 2104
FREE_TEXT = {"body", "note", "notes", "comment", "comments", "message", "text", "subject", "description", "content"}
MOMENT = re.compile(r"(date|timestamp\b.*)", re.IGNORECASE)
TEXT = re.compile(r"(varchar|text|string)\b.*", re.IGNORECASE)
JSON = re.compile(r"json\b.*|.*(\[\]|\bstruct\b.*|\bmap\b.*)", re.IGNORECASE)


def masked(column: str, mask: str) -> str | None:
    """SQL that gives the masked value of a quoted column, or None where the column is dropped; null stays null."""
    return {
        "keep": column,
        "drop": None,
        "keyed_hash": _keyed_hash(column),
        "domain": f"case when contains({column}, '@') then lower(split_part({column}, '@', -1)) end",
        "year": f"year({column})",
        "initial": f"nullif(left_grapheme(trim({column}), 1), '')",
    }[mask]


def transforms(mask: str) -> bool:
    """True where the masked file lacks the raw value."""
    return mask != "keep"


def misfit(name: str, data_type: str, mask: str, free_text: bool = False) -> str | None:
    """Why this mask cannot serve this column, or None. Free text and JSON are dropped, or kept on purpose."""
    if mask in {"keep", "drop"}:
        return None
    if JSON.fullmatch(data_type) or free_text or name.lower() in FREE_TEXT:
        return f"is free text or JSON, so its mask is drop (or keep, on purpose), not {mask}"
    if mask == "year" and not MOMENT.fullmatch(data_type):
        return f"is {data_type}, and year masks a date or a timestamp"
    if mask in {"domain", "initial"} and not TEXT.fullmatch(data_type):
        return f"is {data_type}, and {mask} masks text"
    return None


def mask_parameters(home: Home, sql: str) -> dict[str, bytes]:
    """Values for the parameters that `sql` has from masked(): the HMAC's two padded keys, or nothing."""
    if "$mask_inner" not in sql:
        return {}
    key = derived_key(home, "mask").ljust(BLOCK_BYTES, b"\0")
    return {
        "mask_inner": bytes(byte ^ 0x36 for byte in key),
        "mask_outer": bytes(byte ^ 0x5C for byte in key),
    }


def _keyed_hash(column: str) -> str:
    inner = f"unhex(sha256($mask_inner::blob || encode({column}::varchar)))"
    return f"left(sha256($mask_outer::blob || {inner}), {HASH_LENGTH})"
