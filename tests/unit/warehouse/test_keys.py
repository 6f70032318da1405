"""Keys last: another master key is refused before it can change an id."""

import pytest

from warehouse.errors import CdpError
from warehouse.home import Home
from warehouse.keys import derived_key


def test_a_key_is_minted_once_privately_and_derived_per_purpose(home: Home) -> None:
    ledger = derived_key(home, "ledger")

    assert derived_key(home, "ledger") == ledger
    assert derived_key(home, "mask") != ledger
    assert home.key.stat().st_mode & 0o777 == 0o600


def test_a_lost_key_stops_instead_of_minting_other_ids(home: Home) -> None:
    derived_key(home, "ledger")
    home.key.unlink()

    with pytest.raises(CdpError, match="Restore"):
        derived_key(home, "ledger")


def test_a_key_from_the_environment_counts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDP_SECRET_KEY", "one")
    first = derived_key(home, "ledger")
    monkeypatch.setenv("CDP_SECRET_KEY", "two")

    with pytest.raises(CdpError):
        derived_key(home, "ledger")
    monkeypatch.setenv("CDP_SECRET_KEY", "one")
    assert derived_key(home, "ledger") == first
