"""The way out: a gated, masked, verified copy of the public models, put in place by one atomic flip.

Belongs here: building, verifying, flipping, exporting and reading generations.
Must not go here: deciding what a table holds (dbt_project/) or what it must look like (expectations/).
Concept: DESIGN, section 3, "A generation".
"""
