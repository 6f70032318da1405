"""New files start a run; off until someone turns it on.

Belongs here: when runs start by what arrives. Must not go here: reading the files.
"""

import dagster as dg

from ingestion.landing import waiting_files
from orchestration.jobs import everything
from warehouse.home import Home


@dg.sensor(
    name="file_drop",
    job=everything,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Starts a run when a source's folder holds a file that has not landed yet.",
)
def file_drop(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    waiting = waiting_files(Home.from_environment())
    if not waiting:
        return dg.SkipReason("No new file in any source's folder.")
    newest = max(int(path.stat().st_mtime_ns) for path in waiting)
    return dg.RunRequest(run_key=f"{len(waiting)}:{newest}")
