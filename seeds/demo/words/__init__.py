"""Word lists of the demo company's three countries. Data alone: no rule, no chance, no import belongs here."""
