"""One edge's evidence: what it says per field, how its bits add up, and what would be left without a field.

Belongs here: reading the evidence JSON and the arithmetic over it. Must not go here: words (phrases.py), graphs
(bridges.py).
Concept: a weight is the prior plus the bits of each field, less what a household would explain as well; a tier is
worth at least its declared weight.

Evidence holds names of fields and levels, and bits; never a value.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from identity.matching.comparisons import PERSONAL_FIELDS
from identity.matching.explanations import APART_IN
from identity.roles import DEVICE_RULES, Roles, Tier

DIFFERENT = "different"
# What the evidence holds beside the fields.
BESIDE = {"shared", "names", "prior", "sources", "together", "labels", *APART_IN}
# Bits are rounded to a tenth per field; a remainder up to this is rounding, and part of the prior.
ROUNDING_WEIGHT = 0.5
JUDGED = "judgement"


@dataclass(frozen=True)
class Edge:
    """One row of the edges, its record ids in their order."""

    left: str
    right: str
    kind: str
    rule: str
    weight: float
    evidence: str | None
    is_cut: bool = False
    cut_reason: str | None = None

    @cached_property
    def fields(self) -> dict[str, tuple[str, float]]:
        """By field, how it agrees and the bits that this is worth; empty where the pair was never scored."""
        found = json.loads(self.evidence or "{}")
        return {name: (said[0], float(said[1])) for name, said in found.items() if name not in BESIDE}

    @cached_property
    def shared(self) -> tuple[str, ...]:
        """The types of the identifiers that an unscored pair shares."""
        return tuple(json.loads(self.evidence or "{}").get("shared") or ())

    @cached_property
    def prior(self) -> float | None:
        """The bits against two records drawn at random; None where the pair was never scored."""
        found = json.loads(self.evidence or "{}").get("prior")
        return float(found) if found is not None else None

    @cached_property
    def rival(self) -> str | None:
        """What explains the pair in part as well as one person does: household or colleagues."""
        return next((two for two in APART_IN if two in json.loads(self.evidence or "{}")), None)

    @cached_property
    def discount(self) -> float:
        """The bits that the rival explains as well."""
        return -float(json.loads(self.evidence or "{}")[self.rival]) if self.rival else 0.0

    @cached_property
    def together(self) -> float:
        """The bits by which given and family name say less together than each alone."""
        return float(json.loads(self.evidence or "{}").get("together") or 0)

    @cached_property
    def sources(self) -> float:
        """The bits by which one person is likelier between the two systems than between any."""
        return float(json.loads(self.evidence or "{}").get("sources") or 0)

    @cached_property
    def taught(self) -> float:
        """The bits by which labels corrected the sum of the others."""
        return float(json.loads(self.evidence or "{}").get("labels") or 0)

    @property
    def said(self) -> float:
        """What the fields say together, without prior and tier."""
        return (
            sum(bits for _, bits in self.fields.values()) + self.sources + self.together - self.discount + self.taught
        )


@dataclass(frozen=True)
class Bar:
    """One step of a waterfall. name: prior, sources, a field, together, household, colleagues, labels or rule.
    level: of a field alone."""

    name: str
    level: str
    bits: float


def prior_of(edges: Iterable[Edge]) -> float | None:
    """The bits against two records drawn at random; None where no pair was scored."""
    said = [edge.prior for edge in edges if edge.prior is not None]
    return median(said) if said else None


def waterfall(edge: Edge, prior: float | None) -> list[Bar]:
    """The steps from nothing to the edge's weight; their sum is the weight."""
    if not edge.fields:
        return [Bar("rule", "", edge.weight)]
    rest = edge.weight - edge.said
    lift = rest - prior if prior is not None and edge.kind != "probabilistic" else 0.0
    lift = lift if abs(lift) > ROUNDING_WEIGHT else 0.0
    bars = [Bar("prior", "", rest - lift)]
    if edge.sources:
        bars.append(Bar("sources", "", edge.sources))
    bars += [Bar(name, level, bits) for name, (level, bits) in edge.fields.items()]
    if edge.together:
        bars.append(Bar("together", "", edge.together))
    if edge.rival:
        bars.append(Bar(edge.rival, "", -edge.discount))
    if edge.taught:
        bars.append(Bar("labels", "", edge.taught))
    return [*bars, Bar("rule", "", lift)] if lift else bars


def supports_of(edge: Edge, roles: Roles) -> set[str]:
    """The fields and identifiers that speak for the pair."""
    tier = _tier(edge, roles)
    named = {tier.identifier} if tier and tier.identifier != "other" else set()
    device = {DEVICE_RULES[edge.rule]} if edge.rule in DEVICE_RULES else set()
    return {name for name, (_, bits) in edge.fields.items() if bits > 0} | {*edge.shared} | named | device


def weight_without(edge: Edge, field: str, prior: float | None, roles: Roles) -> float:
    """The bits that would be left if nobody had the field. A person's judgement does not hang on any."""
    if edge.kind == JUDGED or field not in supports_of(edge, roles):
        return edge.weight
    tier = _tier(edge, roles)
    kept = tier.weight if tier and not _hangs_on(tier, field, edge) else None
    if not edge.fields:
        return edge.weight if kept is not None else 0.0
    bits = max(edge.fields.get(field, ("", 0.0))[1], 0.0)
    explained = 0.0 if field in {*PERSONAL_FIELDS, *roles.tells_apart} else min(edge.discount, bits)
    start = prior if prior is not None else min(edge.weight - edge.said, 0.0)
    left = start + edge.said - bits + explained
    return left if kept is None else max(left, kept)


def _tier(edge: Edge, roles: Roles) -> Tier | None:
    return next((tier for tier in roles.tiers if tier.rule == edge.rule), None)


def _hangs_on(tier: Tier, field: str, edge: Edge) -> bool:
    """Would the tier no longer hold without the field? A tier on any other system's number hangs on what is shared."""
    if tier.identifier == "other":
        return edge.shared == (field,)
    return field == tier.identifier or (field == "given_name" and tier.names == "same")
