"""Why records are one customer, or not, in words, SQL and a page.

Belongs here: evidence, the path between records, its weakest bridge, and how they are told.
Must not go here: anything that decides who belongs together (matching/, clustering/).
"""
