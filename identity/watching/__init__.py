"""How a run went, and what another one would do.

Belongs here: scores, the canary, plots, previews and training on trial.
Must not go here: which figure is too low (expectations/).
"""
