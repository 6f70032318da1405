"""A run that moves too many people stops at its budget and publishes nothing, until an operator accepts it once."""

import json
from contextlib import closing
from pathlib import Path

import duckdb

from governance.judgements import Decision, record
from tests.conftest import cdp
from tests.integration.orchestration.test_a_blocked_gate import published_bytes
from warehouse.home import Home
from warehouse.state import open_state

SPLIT_CUSTOMERS = 70


def split_many(home: Home) -> None:
    """Judge the first two records of many customers different."""
    with duckdb.connect(str(home.current / "activation.duckdb"), read_only=True) as con:
        pairs = con.execute(
            "select list(record_id order by record_id)[:2] from identity_map where not is_device "
            "group by customer_id having count(*) > 1 order by min(record_id) limit ?",
            [SPLIT_CUSTOMERS],
        ).fetchall()
    record(home, [Decision((tuple(pair),), "different", author="ann", reason="a trial") for (pair,) in pairs])


def findings(home: Home) -> list[str]:
    with closing(open_state(home)) as state:
        rows = state.execute(
            "select details from gate_results where table_name = 'identity.run_effect' order by rowid"
        ).fetchall()
    return [finding["severity"] for finding in json.loads(rows[-1]["details"])["findings"]]


def test_a_run_that_moves_too_many_people_publishes_nothing_until_it_is_accepted(sample_copy: Path) -> None:
    home = Home(sample_copy)
    assert findings(home) == [], "a first run has no budget to keep"
    before = published_bytes(sample_copy)
    split_many(home)

    blocked = cdp(sample_copy, "run")

    assert blocked.returncode == 1
    assert "The gate after identity blocks: identity.run_effect" in blocked.stderr
    assert "cdp run --accept-changes" in blocked.stderr
    assert "profiles" not in blocked.stderr
    assert findings(home) == ["critical"]
    assert published_bytes(sample_copy) == before

    accepted = cdp(sample_copy, "run", "--accept-changes")

    assert accepted.returncode == 0, accepted.stderr
    assert "accepted: identity.run_effect" in accepted.stderr
    assert findings(home) == ["accepted"]
    assert published_bytes(sample_copy)["link"] != before["link"]
