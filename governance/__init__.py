"""Who may see what, where personal data lies, and what people decided.

Belongs here: masks, the register of stores, judgements and labels. Must not go here: copying tables out (publishing/),
or what a run makes of a judgement (identity/).
Concept: DESIGN, section 3.
"""
