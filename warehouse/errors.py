"""The platform's one error, and the sanitiser that keeps personal values out of every message.

Belongs here: the error type and the redaction of texts that DuckDB, dbt or a driver wrote.
Must not go here: handling of errors; each room raises its own.
Concept: an error names the thing, what was found, what was expected, and ends with the remedy.
"""

import re

QUOTED = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
LONG_DIGITS = re.compile(r"\+?\d[\d ()/-]{6,}\d")
DATA_TAIL = re.compile(r"(Original Line|Input|LINE \d+|Conversion Error Row|Value)s?:.*", re.IGNORECASE | re.DOTALL)
# A quoted word that looks like a table, column, file or type name helps the reader and holds no value.
NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*", re.ASCII)


class CdpError(Exception):
    """Something that a person can mend: what was found, and what to do about it.

    exit_code is what `cdp` returns to the shell.
    """

    exit_code = 1

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message.rstrip('.')}. {remedy}")
        self.message = message
        self.remedy = remedy


def unusable(error: OSError) -> CdpError:
    """For a file or folder that cannot be used as it was meant to be; a room that knows more about it says more."""
    return CdpError(
        f"{error.filename} cannot be used: {error.strerror}",
        remedy="Name one that is there and yours to read and write; `cdp doctor` looks at CDP_HOME itself.",
    )


def sanitised(error: BaseException | str) -> str:
    """The text of an error with every value that may be personal replaced by ‹redacted›.

    Lower-case names in quotes (tables, columns, types) stay, since they tell where to look.
    """
    text = DATA_TAIL.sub(r"\1: ‹redacted›", str(error))
    text = QUOTED.sub(lambda found: found[0] if NAME.fullmatch(found[0][1:-1]) else "‹redacted›", text)
    return LONG_DIGITS.sub("‹redacted›", EMAIL.sub("‹redacted›", text))
