"""The map of any moment, rebuilt from identity_history.

Belongs here: the query for a moment. Must not go here: opening what is published (publishing/), printing (cli/).
Concept: truth is never overwritten. A period is valid from the start of the run that learned it to the start of the run
that learned otherwise, so the rows valid at a moment are exactly the map of the last published run begun by then.
"""

from datetime import datetime

# As identity.identity_map has them, so that both have the same digest.
MAP_COLUMNS = ("record_id", "source", "customer_id", "is_device", "first_assigned_at", "run_id")


def map_at_sql(history: str, moment: datetime) -> str:
    """The identity map of the last published run begun by a moment (UTC), from the table or view `history`."""
    at = f"timestamp '{moment.isoformat(sep=' ')}'"
    return (
        f"select {', '.join(MAP_COLUMNS)} from {history} "
        f"where valid_from <= {at} and (valid_to is null or valid_to > {at})"
    )
