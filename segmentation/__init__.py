"""Segments outside the warehouse's models: is one well formed, what would one be, a new one's files.

Belongs here: what `cdp segment` does, and the check of form that dbt asks too. Must not go here: any segment's logic,
or what is derived from members (dbt_project/models/segments and macros/segments.sql).
Concept: DESIGN, section 7, "A segment".
"""
