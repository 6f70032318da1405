"""The master key and the keys derived from it, one per purpose.

Belongs here: reading, minting and deriving keys. Must not go here: what is hashed with them.
Concept: a keyed hash of an e-mail is still personal data, but without the key nobody can test a guess against it.
"""

import contextlib
import hashlib
import hmac
import os
import secrets

from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.state import open_state


def derived_key(home: Home, purpose: str) -> bytes:
    """32 bytes for one purpose ("ledger", "mask", "tombstones"), the same for ever.

    The master key comes from CDP_SECRET_KEY, else from the file `key` in the home, minted on first use.
    Raises CdpError when the master key is not the one that this home began with.
    """
    master = _master(home)
    _refuse_another_key(home, master)
    return _derive(master, purpose)


def _derive(master: bytes, purpose: str) -> bytes:
    return hmac.new(master, purpose.encode(), hashlib.sha256).digest()


def _master(home: Home) -> bytes:
    if given := os.environ.get("CDP_SECRET_KEY"):
        return given.encode()
    if not home.key.exists():
        _mint(home)
    return home.key.read_bytes()


def _mint(home: Home) -> None:
    draft = home.key.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process minted first: then theirs is the key
        os.link(draft, home.key)
    draft.unlink()


def _refuse_another_key(home: Home, master: bytes) -> None:
    fingerprint = _derive(master, "fingerprint").hex()
    with open_state(home) as state:
        state.execute("insert or ignore into settings (name, value) values ('key_fingerprint', ?)", (fingerprint,))
        known = state.execute("select value from settings where name = 'key_fingerprint'").fetchall()[0]["value"]
    state.close()
    if known != fingerprint:
        raise CdpError(
            "The secret key is not the one that this home began with: ids, masks and tombstones would not match",
            remedy=f"Restore {home.key} from your backup, or set CDP_SECRET_KEY to the former value.",
        )
