"""From edges to clusters.

Belongs here: the linkage, the choice of the cut, which clusters must be made again.
Must not go here: how a pair is weighed (matching/), ids that last (ids/).
"""
