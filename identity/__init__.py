"""Who is who: records → edges (matching/) → clusters (clustering/) → stable ids (ids/); accounts, households (groups/).

Belongs here: matching, clustering and ids as plain functions over a DuckDB connection; beside them what is said of the
result (explaining/), what people say of it (judging/), and how a run went or would go (watching/).
Must not go here: Dagster (orchestration/), cleaning of values (standardise/), the golden record (dbt profiles).
Concept: DESIGN, section 6. Linkage is a pipeline of artefacts: edges are scored once, clustered once, named once.
resolve.py holds the stages of a run, whole.py those of a file; roles.py says what either resolves.
"""
