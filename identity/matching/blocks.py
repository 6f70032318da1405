"""Which records have a key in common: the keys of every record, kept from run to run, and the blocks that they make.

Belongs here: making and keeping keys, counting and cutting blocks. Must not go here: the rules and their caps
(candidates.py), what follows when a block crosses its cap (touched.py).
Concept: keys cost more than anything else that is asked of all records, and hang on a record's face alone. So they lie
in the warehouse under their faces: what is found there is right whoever wrote it, and what is not is made.

Makes identity.block_keys (face, and for each rule a hash of its key, null where the record has none), which is a cache:
no run needs it. Makes temporary tables:
  record_key  record_no and the keys, where every pair is wanted
  block       key, size; of one rule, those of more than one record
  cut_block   rule, key, size: of every rule, those above its cap
  member      rule, key, record_no: who is in the blocks that are asked for
"""

from collections.abc import Iterable, Mapping

import duckdb

from identity.matching.people import load_people
from identity.roles import Roles
from warehouse.crash import crash_point
from warehouse.tables import columns_of, has_table, transaction

KEYS = "identity.block_keys"
Rules = Mapping[str, str]


def forget_blocks(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create or replace temp table cut_block (rule varchar, key ubigint, size bigint)")


def make_keys(con: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make `record_key` of `person`, which holds every record."""
    con.execute(f"create or replace temp table record_key as select record_no{keys_sql(rules)} from person")


def keep_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Leave `record_key` to the next run."""
    _replace(con, "select face.face, record_key.* exclude (record_no) from record_key join face using (record_no)")


def renew_keys(con: duckdb.DuckDBPyConnection, roles: Roles, rules: Rules) -> None:
    """Bring identity.block_keys to the faces that there are: only of new ones are keys made."""
    if not _has_columns(con, rules):
        _replace(con, f"select null::ubigint as face{keys_sql(dict.fromkeys(rules, 'null'))} where false")
    con.execute(f"create or replace temp table keyless as from face anti join {KEYS} using (face)")
    load_people(con, roles, of="select record_no from keyless")
    with transaction(con):
        con.execute(f"delete from {KEYS} where face in (select face from {KEYS} anti join face using (face))")
        con.execute(f"insert into {KEYS} select face{keys_sql(rules)} from person join keyless using (record_no)")
        crash_point("identity.block_keys.inside_renewal")


def load_blocks(con: duckdb.DuckDBPyConnection, rule: str) -> None:
    """Make `block` of a rule from `record_key`."""
    con.execute(
        f'create or replace temp table block as select "{rule}" as key, count(*) as size from record_key '
        f'where "{rule}" is not null group by key having size > 1'
    )


def note_cut_blocks(con: duckdb.DuckDBPyConnection, rule: str, cap: int) -> None:
    """Add to `cut_block` what of `block` is above the cap."""
    con.execute(
        "insert into cut_block select $rule, key, size from block where size > $cap", {"rule": rule, "cap": cap}
    )


def find_cut_blocks(con: duckdb.DuckDBPyConnection, caps: Mapping[str, int], suspected: str) -> None:
    """Make `cut_block` of all rules from the keys that are kept; alone a record is in no block.

    suspected: a table of the blocks (rule, key) that alone can be above their caps.
    """
    forget_blocks(con)
    for rule, cap in caps.items():
        con.execute(
            f'insert into cut_block select $rule, key, count(*) as size from (select "{rule}" as key from {KEYS}) '
            f"semi join (from {suspected} where rule = $rule) as listed using (key) "
            "group by key having size > greatest($cap, 1)",
            {"rule": rule, "cap": cap},
        )


def blocks_of_sql(faces: str) -> str:
    """The blocks (rule, key) that records are in, alone or not, by the keys that are kept; faces: a query of theirs."""
    # their rows are found by the faces alone: to read the keys of all records for those of a few costs far more
    rows = f"select rowid from {KEYS} semi join ({faces}) using (face)"
    keys = f"select * exclude (face) from {KEYS} where rowid in ({rows})"
    return f"select distinct rule, key from (unpivot ({keys}) on * into name rule value key)"


def load_members(con: duckdb.DuckDBPyConnection, blocks: str) -> None:
    """Make `member` (rule, key, record_no): the records in the blocks that a table lists (rule, key), by the keys that
    are kept. Faces become records for all rules at once, since that asks every record."""
    con.execute("create or replace temp table faced (rule varchar, key ubigint, face ubigint)")
    for (rule,) in con.execute(f"select distinct rule from {blocks} order by rule").fetchall():
        con.execute(
            f'insert into faced select $rule, key, face from (select "{rule}" as key, face from {KEYS}) '
            f"semi join (from {blocks} where rule = $rule) as listed using (key)",
            {"rule": rule},
        )
    con.execute("create or replace temp table member as select rule, key, record_no from faced join face using (face)")
    con.execute("drop table faced")


def keys_sql(rules: Rules) -> str:
    """Further columns of a query of `person`: for each rule a hash of its key."""
    return "".join(
        f', case when {key} is not null then hash({key}) end::ubigint as "{rule}"' for rule, key in rules.items()
    )


def _has_columns(con: duckdb.DuckDBPyConnection, rules: Iterable[str]) -> bool:
    return has_table(con, KEYS) and list(columns_of(con, KEYS)) == ["face", *rules]


def _replace(con: duckdb.DuckDBPyConnection, query: str) -> None:
    con.execute(f"create schema if not exists {KEYS.split('.')[0]}")
    con.execute(f"create or replace table {KEYS} as {query}")
