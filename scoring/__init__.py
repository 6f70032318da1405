"""Scores: what a customer will probably do, each with the test that it passed on the same data in the same run.

Belongs here: facts as of a moment, models of purchasing and of subscriptions, their back-tests, what may be published.
Must not go here: traits that only count (dbt_project/models/profiles), or wiring (orchestration/).
Concept: DESIGN, section 7; a score that does not beat the naive answer is null, and `score_models` says why.
"""
