"""How right a clustering is, against a known truth: over all pairs, and per record.

Belongs here: the two measures, in SQL. Must not go here: anything that resolves, trains or chooses; only benchmarks and
the scoring asset may call this.
Concept: pair precision and recall count every true pair, a pair lost in blocking included. B³ (Bagga and Baldwin 1998)
takes the mean over records, so that one large cluster does not decide.
"""

import duckdb

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
