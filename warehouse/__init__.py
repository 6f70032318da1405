"""Where data lives: the home folder, its connections, its state, its one writer.

Belongs here: the layout of CDP_HOME, how DuckDB and SQLite are opened, the run lock, the run's context, keys, the
build stamps on tables, running dbt in this process, and the one error type with a remedy.
Must not go here: anything that knows a source, a person or a model by name.
Concept: DESIGN, section 3, "Where data lives".
"""
