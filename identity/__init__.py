"""Who is who: records → edges → clusters → stable customer ids.

Belongs here: matching, clustering and ids as plain functions over a DuckDB connection.
Must not go here: Dagster (orchestration/), cleaning of values (standardise/), the golden record (dbt profiles).
Concept: DESIGN, section 6. Linkage is a pipeline of artefacts: edges are scored once, clustered once, named once.
"""
