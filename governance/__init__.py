"""Who may see what, and where personal data lies.

Belongs here: masks, and the register of stores. Must not go here: copying tables out (publishing/) or loading them.
Concept: DESIGN, section 3.
"""
