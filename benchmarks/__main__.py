"""`python -m benchmarks`: every measurement in turn."""

import subprocess
import sys

MODULES = (
    "benchmarks.events_load",
    "benchmarks.whole_job",
    "benchmarks.ui_run",
    "benchmarks.profile_lookup",
    "benchmarks.incremental",
    "benchmarks.identity_speed compare",
    "benchmarks.deterministic measure",
    "benchmarks.identity",
    "benchmarks.traits",
    "benchmarks.consents",
    "benchmarks.segment_overlap",
)

for module in MODULES:
    subprocess.run([sys.executable, "-m", *module.split()], check=False)
