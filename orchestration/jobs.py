"""The one job: everything, from landing to published.

Belongs here: the job and what happens when it fails. Must not go here: schedules and sensors.
"""

import dagster as dg

from orchestration import runs
from warehouse.home import Home


@dg.failure_hook(name="record_failure")
def record_failure(context: dg.HookContext) -> None:
    runs.end(Home.from_environment(), context.run_id, succeeded=False)


everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.all(),
    hooks={record_failure},
    description="Landing to published: every layer, every gate, one generation.",
)
