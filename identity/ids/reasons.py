"""Why a change happened: the edge that joined, the reason of a split, the judgement that was heard.

Belongs here: evidence as short JSON texts. Must not go here: the changes themselves (changes.py).
Concept: evidence names rules, bits, record ids and judgements, and no value of a person.

Makes the temporary tables moved and moved_end, and these, each with `evidence`:
  joining     record_id: the strongest edge between a record that moved and those of its customer that it came to
  uniting     from_id, to_id: the strongest of these edges of all records that went from one id to the other
  parting     from_id, to_id: why the records that went to to_id no longer hang together with the rest of from_id's
  given_back  customer_id: how many of the records that held a retired id last are under it again
  importing   customer_id: how many records an imported id came with, and among how many customers they are now
  heard       customer_id, other_customer_id, record_id, recorded_at: records moved by a judgement not heard before
"""

import duckdb

from warehouse.tables import has_table

JUDGEMENTS = {
    "record_id_l": "varchar",
    "record_id_r": "varchar",
    "verdict": "varchar",
    "judgement_id": "varchar",
    "recorded_at": "timestamp",
}


def prepare_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables named above, from `mapped`, `previous_map`, `holding`, `move`, edges and judgements."""
    con.execute(f"create or replace temp table heard_judgement as {_judgements_sql(con)}")
    con.execute(f"create or replace temp table moved as {_moved_sql()}")
    con.execute(f"create or replace temp table moved_end as {_moved_ends_sql()}")
    con.execute(f"create or replace temp table joining as {_joining_sql()}")
    con.execute("""
        create or replace temp table uniting as
        select from_id, to_id, evidence
        from joining
        where from_id is not null
        qualify row_number() over (partition by from_id, to_id order by match_weight desc nulls last, record_id) = 1
    """)
    con.execute("""
        create or replace temp table importing as
        select
            imported_id.customer_id,
            json_object(
                'reason', 'imported', 'records_count', count(*), 'customers_count', count(distinct mapped.customer_id)
            )::varchar as evidence
        from imported_id
        join mapped using (record_id)
        group by imported_id.customer_id
    """)
    con.execute(f"create or replace temp table heard as {_heard_sql()}")
    con.execute(f"create or replace temp table parting as {_parting_sql()}")
    con.execute("""
        create or replace temp table given_back as
        select
            customer_id,
            json_object('reason', 'given back', 'held_last', count(*), 'hold_again', count(mapped.record_id))::varchar
                as evidence
        from holding
        left join mapped using (record_id, customer_id)
        where ended_at < 'infinity'
        group by customer_id
    """)


def _judgements_sql(con: duckdb.DuckDBPyConnection) -> str:
    """Every judgement in force; empty where nobody ever judged."""
    found = has_table(con, "identity.judgements")
    typed = ", ".join(f"{name if found else 'null'}::{kind} as {name}" for name, kind in JUDGEMENTS.items())
    return f"select {typed} {'from identity.judgements' if found else 'where false'}"


def _moved_sql() -> str:
    """Records that are another customer's than before, or new."""
    return """
        select mapped.record_id, mapped.customer_id as to_id, before.customer_id as from_id
        from mapped
        left join previous_map as before using (record_id)
        where before.customer_id is distinct from mapped.customer_id
    """


def _moved_ends_sql() -> str:
    """The edges of those records, once for each that moved: record_id, other_record_id, and what the edge says."""
    said = "kind, rule, match_weight, is_cut, cut_reason"
    return f"""
        with near as (
            select record_id_l, record_id_r, {said}
            from identity.edges
            where record_id_l in (select record_id from moved) or record_id_r in (select record_id from moved)
        ),
        ends as (
            select record_id_l as record_id, record_id_r as other_record_id, {said} from near
            union all
            select record_id_r, record_id_l, {said} from near
        )
        from ends semi join moved using (record_id)
    """


def _joining_sql() -> str:
    """Edges to records that came the same way say nothing about a merge; between newcomers they say all."""
    return """
        select
            moved.record_id, from_id, to_id, match_weight,
            json_object(
                'kind', kind, 'rule', rule, 'match_weight', round(match_weight, 1), 'record_id', other_record_id
            )::varchar as evidence
        from moved
        join moved_end as ends using (record_id)
        join mapped as other on ends.other_record_id = other.record_id and moved.to_id = other.customer_id
        left join previous_map as other_before on ends.other_record_id = other_before.record_id
        where not is_cut and (from_id is null or other_before.customer_id is distinct from from_id)
        qualify row_number() over (
            partition by moved.record_id
            order by kind = 'judgement' desc, match_weight desc nulls last, kind, rule, other_record_id
        ) = 1
    """


def _heard_sql() -> str:
    """Records that moved as a judgement wanted: together before and now apart, or apart before and now together.

    Not heard before: recorded since the last run that learned anything began.
    """
    return """
        with sides as (
            select record_id_l as record_id, record_id_r as other_record_id, * from heard_judgement
            union all
            select record_id_r, record_id_l, * from heard_judgement
        )
        select
            now.customer_id,
            before.customer_id as other_customer_id,
            sides.record_id,
            sides.recorded_at,
            verdict,
            other_record_id,
            json_object(
                'verdict', verdict, 'judgement_id', judgement_id, 'record_id', other_record_id
            )::varchar as evidence
        from sides
        join mapped as now on sides.record_id = now.record_id
        join previous_map as before on sides.record_id = before.record_id
        join mapped as other_now on other_record_id = other_now.record_id
        join previous_map as other_before on other_record_id = other_before.record_id
        join learned on sides.recorded_at > learned_at
        where now.customer_id <> before.customer_id
            and case verdict
                when 'different' then before.customer_id = other_before.customer_id
                    and now.customer_id <> other_now.customer_id
                when 'same' then before.customer_id <> other_before.customer_id
                    and now.customer_id = other_now.customer_id
                else false
            end
        qualify row_number() over (partition by sides.record_id order by sides.recorded_at desc, judgement_id) = 1
    """


def _parting_sql() -> str:
    """A judgement goes before a contradiction, that before edges too weak to hold, and these before no edge at all."""
    return """
        with parts as (
            select from_id, to_id
            from move
            where to_id <> from_id and from_id in (select customer_id from mapped)
        ),
        between_parts as (
            select
                moved.from_id, moved.to_id, is_cut, cut_reason, match_weight
            from moved_end as ends
            join moved using (record_id)
            join previous_map as stayed
                on ends.other_record_id = stayed.record_id and moved.from_id = stayed.customer_id
            join mapped as other on ends.other_record_id = other.record_id and moved.to_id <> other.customer_id
        )
        select
            from_id,
            to_id,
            json_object(
                'reason',
                case
                    when (from_id, to_id) in (select (other_customer_id, customer_id) from heard)
                        then 'judged different'
                    when bool_or(is_cut) then min(cut_reason) filter (where is_cut)
                    when count(match_weight) > 0 then 'edges too weak'
                    else 'no edge is left'
                end,
                'match_weight', round(max(match_weight), 1)
            )::varchar as evidence
        from parts
        left join between_parts using (from_id, to_id)
        group by from_id, to_id
    """
