"""What a group is called: its id, the members that it is made of, and its tables.

Belongs here: names. Must not go here: evidence (accounts.py, households.py).
Concept: one declaration per entity, so that linkage, ids and changes are written once for all.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """name: also what its columns and tables are named after. member: the column of what it is made of."""

    name: str
    prefix: str
    member: str

    @property
    def id(self) -> str:
        return f"{self.name}_id"

    @property
    def edges(self) -> str:
        return f"identity.{self.name}_edges"

    @property
    def map(self) -> str:
        return f"identity.{self.name}_map"


ACCOUNT = Entity("account", "acc_", "account_record_id")
HOUSEHOLD = Entity("household", "hh_", "customer_id")
ENTITIES = (ACCOUNT, HOUSEHOLD)
