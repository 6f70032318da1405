"""Everything that is Dagster: assets, checks, schedules and sensors over the other rooms.

Belongs here: wiring. Must not go here: any rule of its own; `stages.py` and `runs.py` are plain functions that run and
test without Dagster.
Concept: DESIGN, section 2, and Dagster's own project layout, flat.
"""
