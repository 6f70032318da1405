"""Files, APIs and databases → landing → raw.

Belongs here: declarations of sources, landing, loading, quarantine and replay, extraction.
Must not go here: what the data means (staging), and Dagster.
Concept: DESIGN, section 4. Files lie in landing for ever; raw is what the declarations make of them, and can always be
made again.
"""
