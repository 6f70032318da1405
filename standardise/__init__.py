"""One room for cleaning values: dbt, the resolver and governance all clean alike.

Belongs here: e-mail addresses, phones, names, addresses, dates, companies, the deny-list of values and that of traffic,
and their DuckDB functions.
Must not go here: matching (identity/), casting of source columns (staging), anything that reads a warehouse table.
Concept: a pure function per kind of value; SQL takes a shortcut only where it gives the same answer.
"""

from standardise.blocked import blocked_reason
from standardise.functions import register
from standardise.kinds import KINDS, standardised, usable, version

__all__ = ["KINDS", "blocked_reason", "register", "standardised", "usable", "version"]
