"""`cdp`: one file per noun.

Belongs here: arguments, progress and printing. Must not go here: work; each command calls its room.
Concept: heavy imports inside commands, so that `cdp --help` answers at once; only `run` and `ui` import Dagster.
"""
