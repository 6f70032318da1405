"""What people said of pairs of records, and what it tells about the resolver.

Belongs here: judgements as edges, their files, the review queue, precision and recall from its answers.
Must not go here: where they are stored (governance/).
"""
