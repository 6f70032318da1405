"""The declaration of what is matched: which column plays which role, and how far each identifier is trusted.

Belongs here: reading and checking the roles YAML. Must not go here: what is derived from it (blocking, comparisons).
Concept: the YAML declares, code derives; the platform's own records are one such declaration (roles.yml).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from warehouse.errors import CdpError

PLATFORM_ROLES = Path(__file__).with_name("roles.yml")

ROLES = (
    "full_name", "given_name", "middle_name", "family_name", "birth_date", "gender", "email", "phone", "street",
    "house_number", "unit", "city", "region", "postal_code", "country", "national_id", "employer",
)  # fmt: skip
# Two to one for a match, prior included: a posterior, so it means the same on every data set.
CUT_WEIGHT = 1.0
# Names that become columns.
PLAIN_NAME = "[a-z][a-z0-9_]*"
# What a file may say besides; they become a birth date.
BIRTH_PARTS = ("birth_year", "birth_month", "birth_day")
# A person has several of these; a role may name a list of columns, and each is an identifier.
MULTIPLE_ROLES = {"email", "phone", "national_id"}
# By rule, the identifier that makes a device somebody's; a device joins nobody else.
DEVICE_RULES = {"device_of_user": "user_id", "device_of_email": "email"}
# Identifiers that are fields of their own already.
COMPARED_ALREADY = frozenset({"email", "phone"})
KNOWN_KEYS = {
    "records", "identifiers", "unique_id", "source", "roles", "attributes", "caps", "tiers", "exclusive",
    "duplicate_free", "tells_apart", "cut_weight", "probabilistic",
}  # fmt: skip


@dataclass(frozen=True)
class Cap:
    """How many people and records may share one value of an identifier before it makes no edge."""

    people_cap: int
    records_cap: int
    reason: str


@dataclass(frozen=True)
class Tier:
    """A deterministic rule: pairs sharing the identifier, with names `same`, `open` (one unknown) or `any`.

    weight: bits; the tier's worth where no model is trained. must_link: joined before any weight is asked.
    """

    rule: str
    identifier: str
    names: str
    weight: float
    why: str
    must_link: bool = False


@dataclass(frozen=True)
class Roles:
    """One declaration: the table of records, the column of each role, caps and tiers.

    cut_weight: bits per pair, on average over two groups, from which they are one.
    probabilistic: whether a model is learned and used; otherwise the tiers alone make edges.
    """

    records: str
    unique_id: str
    roles: dict[str, Any]
    identifiers: str | None = None
    source: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    caps: dict[str, Cap] = field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()
    tells_apart: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    duplicate_free: tuple[str, ...] = ()
    cut_weight: float = CUT_WEIGHT
    probabilistic: bool = True

    def columns_of(self, role: str) -> list[str]:
        """The columns of a role: one, or for a file's declaration several, of which the first that is filled counts."""
        named = self.roles[role]
        return [named] if isinstance(named, str) else list(named)

    @property
    def columns(self) -> list[str]:
        """Every column that the declaration names."""
        of_roles = [column for role in self.roles for column in self.columns_of(role)]
        return [self.unique_id, *([self.source] if self.source else []), *of_roles, *self.attributes.values()]

    @property
    def tables(self) -> list[str]:
        """The tables that the declaration reads."""
        return [self.records, *([self.identifiers] if self.identifiers else [])]

    @property
    def must_link_rules(self) -> tuple[str, ...]:
        """What is put together before any weight is asked."""
        return (*(tier.rule for tier in self.tiers if tier.must_link), *DEVICE_RULES)


@cache
def platform_roles() -> Roles:
    return read_roles(PLATFORM_ROLES)


def read_roles(path: Path) -> Roles:
    """Read a declaration. What it leaves out (identifiers, tiers, caps) is the platform's own."""
    found = _declaration(path)
    own = yaml.safe_load(PLATFORM_ROLES.read_text()) | found
    return Roles(
        records=own["records"],
        unique_id=own["unique_id"],
        roles=found["roles"],
        identifiers=found.get("identifiers"),
        source=found.get("source"),
        attributes=found.get("attributes") or {},
        caps={name: _entry(path, f"the cap of {name}", Cap, cap) for name, cap in own["caps"].items()},
        tiers=tuple(_entry(path, f"tier {place}", Tier, tier) for place, tier in enumerate(own["tiers"], start=1)),
        tells_apart=_kinds(path, "tells_apart", own["tells_apart"], apart_from=COMPARED_ALREADY),
        exclusive=_kinds(path, "exclusive", own["exclusive"]),
        duplicate_free=tuple(found.get("duplicate_free") or ()),
        cut_weight=_cut_weight(path, found.get("cut_weight", CUT_WEIGHT)),
        probabilistic=_probabilistic(path, found.get("probabilistic", True)),
    )


def _kinds(path: Path, key: str, given: Any, apart_from: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The types of identifiers that a key lists."""
    kinds = given if isinstance(given, list) else [None]
    if not all(re.fullmatch(PLAIN_NAME, str(kind)) and kind not in apart_from for kind in kinds):
        others = f", but for {' and '.join(sorted(apart_from))}" if apart_from else ""
        raise CdpError(
            f"{path.name}: {key} is no list of types of identifiers{others}",
            remedy=f"Write it as in `{key}: [user_id]`, or leave it out.",
        )
    return tuple(dict.fromkeys(kinds))


def _cut_weight(path: Path, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise CdpError(
            f"{path.name}: cut_weight is no number of bits",
            remedy=f"Name one, or leave it out: {CUT_WEIGHT:g} is then meant.",
        )
    return float(given)


def _probabilistic(path: Path, given: Any) -> bool:
    if not isinstance(given, bool):
        raise CdpError(
            f"{path.name}: probabilistic is neither true nor false",
            remedy="Say false for the tiers alone, or leave it out.",
        )
    return given


def _entry(path: Path, title: str, kind: Callable[..., Any], content: Any) -> Any:
    """A cap or a tier of the YAML."""
    try:
        return kind(**content)
    except TypeError:
        raise CdpError(
            f"{path.name}: {title} lacks a key or has one that nothing reads",
            remedy="See identity/roles.yml for the form.",
        ) from None


def _declaration(path: Path) -> dict[str, Any]:
    """The YAML as it stands, checked for what no declaration may lack or say."""
    if not path.is_file():
        raise CdpError(f"There is no file {path}", remedy="Give the path of a copy of identity/roles.yml.")
    try:
        found = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise CdpError(f"{path} cannot be read as YAML", remedy="See identity/roles.yml for the form.") from None
    if not isinstance(found, dict) or not {"unique_id", "roles"} <= set(found) or not found["roles"]:
        raise CdpError(
            f"{path.name} does not name `unique_id` and `roles`", remedy="See identity/roles.yml for the form."
        )
    if unknown := sorted(set(found) - KNOWN_KEYS):
        raise CdpError(
            f"{path.name} has keys that nothing reads: {', '.join(unknown)}",
            remedy=f"Known keys: {', '.join(sorted(KNOWN_KEYS))}.",
        )
    if unknown := sorted(set(found["roles"]) - {*ROLES, *BIRTH_PARTS}):
        raise CdpError(
            f"{path.name} names unknown roles: {', '.join(unknown)}",
            remedy=f"Known roles: {', '.join((*ROLES, *BIRTH_PARTS))}. Anything else goes under `attributes`.",
        )
    if bad := sorted(name for name in found.get("attributes") or {} if not re.fullmatch(PLAIN_NAME, str(name))):
        raise CdpError(
            f"{path.name}: attributes need plain names: {', '.join(map(str, bad))}",
            remedy="Use lower case letters, digits and underscores; the column behind may be called anything.",
        )
    return found
