"""Names and texts as SQL writes them.

Belongs here: quoting. Must not go here: values that a parameter can carry.
"""


def quoted(name: str) -> str:
    """A name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text for SQL, of whatever can be written as one."""
    return "'" + str(text).replace("'", "''") + "'"
