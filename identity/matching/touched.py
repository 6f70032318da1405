"""Which records' pairs are to be scored: those that changed, and those of blocks that were cut or are cut no longer.

Belongs here: what an edge of a record hangs on, and what of it is not as it was. Must not go here: scoring, and which
clusters follow (clustering/affected.py).
Concept: DESIGN, section 6, "Incremental equals full". An edge hangs on its two records as the linkage sees them, on the
identifiers that hygiene left them, on which blocks are small enough, and on the recipe: model, roles, caps, the code
itself. A record's face is a hash of the first two. So a pair of records that are not touched has the edge that it had.

Makes these temporary tables:
  face          record_no, record_id, face
  changed_face  the faces that were not published, and of those that are no more the record_id
  touched       record_no
"""

import hashlib
from functools import cache
from pathlib import Path

import duckdb

from identity.matching.blocks import blocks_of_sql, find_cut_blocks, load_members, renew_keys
from identity.matching.candidates import Blocking
from identity.matching.model import Model
from identity.roles import Roles
from warehouse.tables import find_table

# The rooms and files whose code and words edges and clusters hang on.
_PARTS = ("matching", "clustering", "judging", "roles.py", "matching/nicknames.csv")
CODE = tuple(Path(__file__).parents[1] / part for part in _PARTS)
FACES = "identity.record_faces"
# The published generation's own faces, cut blocks and edges, and the recipe that made them.
REMEMBERED = ("record_faces", "cut_blocks", "int_customer_edges", "blocking_rules")


def recipe_of(roles: Roles, model: Model | None, blocking: Blocking) -> str | None:
    """A hash of everything besides the records that edges and clusters hang on: the same recipe makes the same of a
    pair. None where there is no model, or no caps yet."""
    from splink import __version__ as splink_version

    if not (model and blocking.caps):
        return None
    parts = [duckdb.__version__, splink_version, code_of(*CODE), model.version, sorted(blocking.caps.items()), roles]
    return _hash(repr(parts).encode())


@cache
def code_of(*places: Path) -> str:
    """A hash of files, and of the Python of folders: rules, comparisons, SQL and linkage are in them."""
    files = sorted(file for place in places for file in (place.glob("*.py") if place.is_dir() else [place]))
    return _hash(b"".join(file.read_bytes() for file in files))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def load_faces(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Make `face`, once identifiers and contacts are settled; empty where the roles want no model, since there every
    pair is compared in every run. What other code or another declaration makes of a record is another face."""
    made_by = _hash(repr([duckdb.__version__, code_of(*CODE), roles]).encode())
    faces = f"""
        select
            record_no,
            record_id,
            hash(
                '{made_by}', said, named.given_name, named.family_name, employer, given.given_count,
                family.family_count, identifiers, contact.email, contact.phone, provider.email_domain
            ) as face
        from named
        left join name_form as given on named.given_name = given.name
        left join name_form as family on named.family_name = family.name
        left join contact using (record_no)
        left join provider on split_part(contact.email, '@', 2) = provider.email_domain
    """
    nothing = "select record_no, record_id, null::ubigint as face from named where false"
    con.execute(f"create or replace temp table face as {faces if roles.probabilistic else nothing}")


def find_touched(con: duckdb.DuckDBPyConnection, roles: Roles, blocking: Blocking, recipe: str | None) -> bool:
    """Make `touched`; false where that is every record, since nothing is published that this recipe made. Where it is
    true, identity.block_keys and `cut_block` are of now."""
    if not _was_made_by(con, recipe):
        con.execute("create or replace temp table touched as select record_no from stated")
        return False
    renew_keys(con, roles, blocking.rules)
    faces = find_table(con, "previous_activation", "record_faces")
    con.execute(f"""
        create or replace temp table changed_face as
        select record_no, coalesce(now.record_id, before.record_id) as record_id, now.face
        from face as now
        full join {faces} as before using (face)
        where now.face is null or before.face is null
    """)
    # a block is above its cap that was so before, or that somebody has joined since
    con.execute(f"""
        create or replace temp table suspected as
        select rule, key from {find_table(con, "previous_activation", "cut_blocks")}
        union
        {blocks_of_sql("select face from changed_face")}
    """)
    find_cut_blocks(con, blocking.caps, "suspected")
    con.execute(
        "create or replace temp table touched as select record_no from changed_face where record_no is not null"
    )
    _find_flipped(con, blocking)
    load_members(con, "flipped")
    con.execute(f"insert into touched {_of_flipped_sql(con)}")
    con.execute("create or replace temp table touched as select distinct record_no from touched")
    return True


def remembered(recipe: str | None) -> dict[str, str]:
    """What the next run asks for, as queries by table; without a recipe it will score everything."""
    named = f"'{recipe}'" if recipe else "null"
    return {
        FACES: "select record_id, face from face",
        "identity.cut_blocks": "select rule, key from cut_block order by rule, key",
        "identity.blocking_rules": f"""
            select
                blocking_rule.*,
                coalesce(matches_count, 0) as matches_count,
                coalesce(lone_matches_count, 0) as lone_matches_count,
                max(estimated_recall_loss) over () as estimated_recall_loss,
                {named}::varchar as recipe
            from blocking_rule
            left join reach using (rule)
            order by rule
        """,
    }


def _was_made_by(con: duckdb.DuckDBPyConnection, recipe: str | None) -> bool:
    """Has the published generation all that is needed, made by this very recipe?"""
    found = {name: find_table(con, "previous_activation", name) for name in REMEMBERED}
    if not (recipe and all(found.values())):
        return False
    return con.execute(f"select distinct recipe from {found['blocking_rules']}").fetchall() == [(recipe,)]


def _find_flipped(con: duckdb.DuckDBPyConnection, blocking: Blocking) -> None:
    """`flipped` (rule, key, is_cut): the blocks that were cut and are no longer, or are now and were not. Where a block
    of two is cut already, nothing hangs on it."""
    before = find_table(con, "previous_activation", "cut_blocks")
    con.execute(
        f"""
        create or replace temp table flipped as
        with now as (select rule, key from cut_block),
        changed as (
            select *, true as is_cut from (from now except select rule, key from {before})
            union all
            select *, false from (select rule, key from {before} except from now)
        )
        from changed where list_contains($rules, rule)
        """,
        {"rules": [rule for rule, cap in blocking.caps.items() if cap > 1]},
    )


def _of_flipped_sql(con: duckdb.DuckDBPyConnection) -> str:
    """The records of the blocks that are `flipped`. Of a block that is cut from now on, only the ends of edges that its
    rule was the first to propose: whatever another proposes first, it proposes still."""
    edges = find_table(con, "previous_activation", "int_customer_edges")
    return f"""
        with of_flipped as (
            select rule, is_cut, record_no, record_id
            from member
            join flipped using (rule, key)
            join face using (record_no)
        ),
        cut_now as (from of_flipped where is_cut)
        select record_no from of_flipped where not is_cut
        union all
        select record_no
        from cut_now
        semi join {edges} as edges on cut_now.rule = edges.rule and cut_now.record_id = edges.record_id_l
        union all
        select record_no
        from cut_now
        semi join {edges} as edges on cut_now.rule = edges.rule and cut_now.record_id = edges.record_id_r
    """
