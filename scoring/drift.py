"""How far a score's values have moved since the run before.

Belongs here: the histogram that is kept with a score, and the distance of two. Must not go here: whether it matters
(expectations/profiles__score_models.yml).
Concept: the population stability index; below 0.1 nothing moved, above 0.25 customers are not what they were, or the
model is not.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Tenths for probabilities; above 1 the 1-2-5 steps of amounts. Fixed, so that two runs can be compared.
EDGES = (*(tenth / 10 for tenth in range(11)), 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
CUSTOMERS_AT_LEAST = 100


def histogram(values: NDArray[np.float64]) -> list[int]:
    """How many values lie between one edge and the next, and above the last; what is not a number is left out."""
    known = values[np.isfinite(values)]
    return [int(count) for count in np.histogram(known, [*EDGES, np.inf])[0]]


def drift_since(before: Sequence[int] | None, now: Sequence[int]) -> float | None:
    """The index of two histograms; None where either holds too few to say. An empty bin counts as half a customer."""
    if before is None or len(before) != len(now) or min(sum(before), sum(now)) < CUSTOMERS_AT_LEAST:
        return None
    was, is_now = (np.asarray(counts, dtype=float) for counts in (before, now))
    used = (was > 0) | (is_now > 0)
    was, is_now = (np.maximum(counts[used], 0.5) / counts.sum() for counts in (was, is_now))
    return float(np.sum((is_now - was) * np.log(is_now / was)))
