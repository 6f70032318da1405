"""Gates: what a table must look like before the next layer may read it.

Belongs here: suites (`<layer>__<table>.yml`) and the gate that runs them inside the warehouse.
Must not go here: keys, relations and logic (dbt tests), or the refusal to publish (publishing/).
Concept: https://docs.greatexpectations.io/docs/core/introduction/gx_overview
"""
