"""Accounts and households: entities above the person, on the same machinery.

Belongs here: which records are one company, which customers live together, and their ids. Must not go here: who is one
person (the modules above), what an account or a household is worth (dbt_project/models/profiles/).
Concept: DESIGN, section 6, "Person, household and account are entities of the same machinery": edges with reasons →
average linkage → ids that are minted once and kept → changes.
"""
