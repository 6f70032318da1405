"""The maximum of a likelihood whose parameters are all positive.

Belongs here: the search. Must not go here: any likelihood.
Concept: the logarithms of the parameters are searched, by L-BFGS with numeric gradients; where the surface is so flat
that it ends at a bound, the data do not say what the parameter is, and the back-test judges what comes of it.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

BOUND = 12.0  # of a logarithm: from 6e-6 to 160,000


def greatest(
    log_likelihood: Callable[[tuple[float, ...]], NDArray[np.float64]],
    counts: NDArray[np.int64],
    start: Sequence[float],
) -> tuple[float, ...] | None:
    """The positive parameters of the largest sum of log_likelihood, each row as often as counts says; None if there are
    none within bounds that the search converges to.
    """
    weights = counts / counts.sum()

    def loss(logs: NDArray[np.float64]) -> float:
        with np.errstate(all="ignore"):
            value = -float((weights * log_likelihood(tuple(np.exp(logs)))).sum())
        return value if np.isfinite(value) else 1e10

    found = minimize(
        loss,
        np.log(np.asarray(start, dtype=float)),
        method="L-BFGS-B",
        bounds=[(-BOUND, BOUND)] * len(start),
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
    )
    return tuple(float(value) for value in np.exp(found.x)) if np.isfinite(found.fun) and found.fun < 1e9 else None
