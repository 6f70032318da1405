"""A new source from a sample of its file: what `cdp add source` writes.

Belongs here: reading a sample, guessing what its columns are, writing declarations, models and suites as text.
Must not go here: loading the file; the next run does that as for any other source.
Concept: adding a source is one staging folder and one line in each conformed model that it feeds. Everything written is
plain SQL and YAML for a person to read and mend.
"""
