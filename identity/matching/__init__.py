"""Which records may be one person: records → edges.

Belongs here: hygiene, blocking, the rules, the model and its training, and what a pair weighs.
Must not go here: who ends up together (clustering/), ids (ids/).
"""
