"""The daily run; off until someone turns it on.

Belongs here: when runs start by the clock. Must not go here: what they do.
"""

import dagster as dg

from orchestration.jobs import everything

daily = dg.ScheduleDefinition(
    name="daily",
    job=everything,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Everything, every day at 05:00 UTC.",
)
