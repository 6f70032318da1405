"""Learning the linkage model anew, on purpose, from the records of today.

Belongs here: training apart from any run, and what it changed. Must not go here: how a model is learned
(matching/training.py), what it would do to the published map (preview.py).
Concept: DESIGN, section 6: the model is trained rarely, and a run never retrains silently. A model that is replaced is
kept, so that a training can be taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass

from identity.matching.edges import score_edges
from identity.matching.model import Model, adopt_model, load_model, swap_former
from identity.roles import Roles, platform_roles
from identity.watching.scratch import scratch_home
from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.lock import run_lock


@dataclass(frozen=True)
class Exchange:
    """The model before (None where there was none) and the one from now on."""

    before: Model | None
    now: Model


def retrain(home: Home, roles: Roles | None = None, progress: Callable[[str], None] | None = None) -> Exchange:
    """Train on the warehouse's conformed tables, and keep what was learned for the next run.

    Raises CdpError where a table is missing or there are too few records to learn from; RunInProgress during a run.
    """
    roles = roles or platform_roles()
    with run_lock(home):
        before = load_model(home, roles)
        with scratch_home(home, roles.tables, with_models=False) as (scratch, con):
            if not score_edges(scratch, con, roles, progress):
                raise CdpError(
                    "There are too few records to learn a model from",
                    remedy="Until there are, the deterministic tiers of identity/roles.yml decide alone.",
                )
            adopt_model(home, scratch, roles)
        return _exchange(home, roles, before)


def take_back(home: Home, roles: Roles | None = None) -> Exchange:
    """Make the former model the home's own again. Raises CdpError where there is none; RunInProgress during a run."""
    roles = roles or platform_roles()
    with run_lock(home):
        before = load_model(home, roles)
        swap_former(home, roles)
        return _exchange(home, roles, before)


def _exchange(home: Home, roles: Roles, before: Model | None) -> Exchange:
    now = load_model(home, roles)
    assert now is not None
    return Exchange(before, now)
