"""The platform on one screen.

Belongs here: what is registered. Must not go here: how any of it works.
"""

import dagster as dg

from orchestration.assets.dbt_layers import layer_assets
from orchestration.assets.governance import governance_assets
from orchestration.assets.identity import identity_assets
from orchestration.assets.published import published_assets
from orchestration.assets.scoring import scoring_assets
from orchestration.assets.sources import source_assets
from orchestration.checks.gates import gate_checks
from orchestration.jobs import everything
from orchestration.resources import Platform
from orchestration.schedules import daily
from orchestration.sensors import file_drop


@dg.definitions
def defs() -> dg.Definitions:
    assets = [
        *source_assets(), *layer_assets(), *governance_assets(), *identity_assets(), *scoring_assets(),
        *published_assets(),
    ]  # fmt: skip
    return dg.Definitions(
        assets=assets,
        asset_checks=gate_checks(assets),
        jobs=[everything],
        schedules=[daily],
        sensors=[file_drop],
        resources={"platform": Platform()},
        executor=dg.in_process_executor,
    )
