"""How right a clustering is, against a known truth: over all pairs, and per record.

Belongs here: the two measures, in SQL. Must not go here: anything that resolves, trains or chooses; only benchmarks and
the scoring asset may call this.
Concept: pair precision and recall count every true pair, a pair lost in blocking included. B³ (Bagga and Baldwin 1998)
takes the mean over records, so that one large cluster does not decide.
"""

from pathlib import Path

import duckdb

from warehouse.errors import CdpError

Scores = dict[str, float | int]


def score(con: duckdb.DuckDBPyConnection, assignments: str, truth: str) -> Scores:
    """Compare two tables or queries, each (unique_id, entity_id); records that either lacks are left out.

    Gives pair_precision, pair_recall, pair_f1, b3_precision, b3_recall, b3_f1 (0 to 1), records, entities,
    true_entities, found_pairs, true_pairs and shared_pairs. With no pairs, precision and recall are 1.
    """
    row = con.execute(_score_sql(_as_query(assignments), _as_query(truth))).fetchall()[0]
    records, entities, true_entities, found, true, shared, b3_precision, b3_recall = row
    precision, recall = _ratio(shared, found), _ratio(shared, true)
    return {
        "pair_precision": precision,
        "pair_recall": recall,
        "pair_f1": _f1(precision, recall),
        "b3_precision": b3_precision,
        "b3_recall": b3_recall,
        "b3_f1": _f1(b3_precision, b3_recall),
        "records": records,
        "entities": entities,
        "true_entities": true_entities,
        "found_pairs": found,
        "true_pairs": true,
        "shared_pairs": shared,
    }


def score_files(assignments: Path, truth: Path) -> Scores:
    """Compare two files, each (unique_id, entity_id), .csv or .parquet. A record that the truth knows and the
    assignments lack stands alone, so its pairs are lost; one that the truth lacks is left out and counted.

    Raises CdpError where a file or a column is missing or an id is double.
    """
    con = duckdb.connect()
    for name, file in (("assigned", assignments), ("known", truth)):
        _load_assignments(con, name, file)
    everyone = """
        select known.unique_id, coalesce('e' || assigned.entity_id, 'alone ' || known.unique_id) as entity_id
        from known left join assigned using (unique_id)
    """
    missing, unknown = con.execute(
        "select (select count(*) from known anti join assigned using (unique_id)), "
        "(select count(*) from assigned anti join known using (unique_id))"
    ).fetchall()[0]
    return score(con, everyone, "known") | {"records_not_assigned": missing, "records_not_in_truth": unknown}


def _load_assignments(con: duckdb.DuckDBPyConnection, name: str, file: Path) -> None:
    if not file.is_file():
        raise CdpError(f"There is no file {file.name}", remedy="Give a .csv or .parquet with unique_id and entity_id.")
    path = str(file).replace("'", "''")
    reader = f"read_parquet('{path}')" if file.suffix == ".parquet" else f"read_csv('{path}', all_varchar = true)"
    try:
        con.execute(
            f"create table {name} as select unique_id::varchar as unique_id, entity_id::varchar as entity_id "
            f"from {reader}"
        )
    except duckdb.Error:
        raise CdpError(
            f"{file.name} cannot be read as unique_id, entity_id", remedy="Give a .csv or .parquet with these two."
        ) from None
    rows, ids = con.execute(f"select count(*), count(distinct unique_id) from {name}").fetchall()[0]
    if rows != ids:
        raise CdpError(f"{file.name} has {rows:,} rows for {ids:,} ids", remedy="Name each unique_id once.")


def score_map(con: duckdb.DuckDBPyConnection, truth: str) -> dict[str, Scores]:
    """Score identity.identity_map against truth (record_id, person_id): all, persons' records alone, devices alone."""
    truth_query = f"select record_id as unique_id, person_id as entity_id from {truth}"
    every = "select record_id as unique_id, customer_id as entity_id from identity.identity_map"
    return {
        "all": score(con, every, truth_query),
        "persons": score(con, f"{every} where not is_device", truth_query),
        "devices": score(con, f"{every} where is_device", truth_query),
    }


def _as_query(table_or_query: str) -> str:
    return table_or_query if " " in table_or_query.strip() else f"select * from {table_or_query}"


def _score_sql(assignments: str, truth: str) -> str:
    return f"""
        with both_sides as (
            select assigned.unique_id, assigned.entity_id as found_id, true_side.entity_id as true_id
            from ({assignments}) as assigned
            join ({truth}) as true_side on assigned.unique_id::varchar = true_side.unique_id::varchar
        ),
        cells as (select found_id, true_id, count(*)::double as cell from both_sides group by all),
        sized as (
            select
                *,
                sum(cell) over (partition by found_id) as found_size,
                sum(cell) over (partition by true_id) as true_size
            from cells
        ),
        found as (select found_id, sum(cell) as size from cells group by all),
        true_side as (select true_id, sum(cell) as size from cells group by all)
        select
            coalesce(sum(cell), 0)::bigint,
            (select count(*) from found),
            (select count(*) from true_side),
            (select coalesce(sum(size * (size - 1) / 2), 0)::bigint from found),
            (select coalesce(sum(size * (size - 1) / 2), 0)::bigint from true_side),
            coalesce(sum(cell * (cell - 1) / 2), 0)::bigint,
            coalesce(sum(cell * cell / found_size) / sum(cell), 1),
            coalesce(sum(cell * cell / true_size) / sum(cell), 1)
        from sized
    """


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
