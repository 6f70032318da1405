"""Every file below CDP_HOME belongs to a registered store, and no canary lies in one that claims to be impersonal."""

import pytest

from governance.stores import STORES, store_of, uncovered
from publishing.export import export_parquet
from tests.unit.publishing.world import publish_version
from warehouse.home import Home
from warehouse.keys import derived_key


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    publish_version(home)
    export_parquet(home)
    export_parquet(home, restricted=True)
    derived_key(home, "mask")
    (home.landing / "hubspot").mkdir()
    (home.landing / "hubspot" / "contacts.jsonl").write_text('{"email": "canary@example.com"}')
    return home


def test_every_file_of_a_home_is_covered(home: Home) -> None:
    assert list(uncovered(home)) == []


@pytest.mark.parametrize("name", ["dump.csv", "published/notes.txt", "published/g/customers.parquet", "warehouse.bak"])
def test_a_file_that_no_store_covers_is_found(home: Home, name: str) -> None:
    stray = home.root / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("canary@example.com")
    try:
        assert list(uncovered(home)) == [stray]
    finally:
        stray.unlink()


def test_canaries_lie_only_in_stores_that_say_so(home: Home) -> None:
    holding = {path for path in home.root.rglob("*") if path.is_file() and b"canary" in path.read_bytes().lower()}

    stores = {store_of(home, path) for path in holding}

    assert {store.name for store in stores} >= {"landing", "warehouse", "published, restricted"}
    assert [store.name for store in stores if not store.personal] == []


def test_an_unfinished_generation_is_litter_and_not_published(home: Home) -> None:
    assert store_of(home, home.published / "g.building" / "customers.duckdb").name == "published, unfinished"


def test_every_store_says_how_it_is_purged() -> None:
    assert all(store.patterns and store.holds and store.purge for store in STORES)
    assert len({store.name for store in STORES}) == len(STORES)
