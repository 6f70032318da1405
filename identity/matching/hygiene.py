"""What may not make an edge: values shared by too many people, and devices with several users.

Belongs here: caps and what they cut. Must not go here: deny-lists of junk values (standardise/ blocks those).
Concept: a value is judged before any pair exists: ten thousand records on one e-mail cost one row, not fifty million.

Makes temporary table cut_identifier (the shape of identity.cut_identifiers), and removes what it lists from
`identifier`, which gains people_count: the names among the records that carry the value.
"""

import duckdb

from identity.roles import Roles


def cut_shared_identifiers(con: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Cut every value above its cap, and every user id on a device with more than one."""
    con.execute(f"create or replace temp table carried_value as {_carried_values_sql()}")
    con.execute(f"create or replace temp table cut_identifier as {_over_cap_sql(roles)}")
    con.execute(f"insert into cut_identifier {_shared_devices_sql()}")
    con.execute("""
        create or replace temp table identifier as
        -- most values have one name: only the others are looked up
        select identifier.*, coalesce(carried.people_count, 1) as people_count
        from identifier
        left join (from carried_value where people_count <> 1) as carried using (identifier_type, value)
        left join cut_identifier as cut
            on identifier.identifier_type = cut.identifier_type and identifier.value = cut.identifier_value_std
        where cut.identifier_type is null
            -- what a shared device saw makes no edge, whichever user it names
            and not (identifier.is_device and identifier.record_id in (
                select identifier.record_id from identifier join cut_identifier as device
                    on device.identifier_type = 'anonymous_id' and identifier.identifier_type = 'anonymous_id'
                    and device.identifier_value_std = identifier.value
            ))
    """)


def _carried_values_sql() -> str:
    """Every value with the records that carry it and the names among them: counted by name first, since to count what
    is distinct costs more."""
    return """
        with held as (
            select identifier_type, value, person_key, count(*) filter (where not is_device) as records_count
            from identifier
            left join named using (record_no)
            group by all
        )
        select
            identifier_type, value, sum(records_count)::bigint as records_count, count(person_key) as people_count
        from held
        group by all
    """


def _over_cap_sql(roles: Roles) -> str:
    people, records = _per_type(roles, "people_cap"), _per_type(roles, "records_cap")
    return f"""
        with shared as (
            from carried_value where identifier_type <> 'anonymous_id'
        ),
        capped as (select *, {people} as people_cap, {records} as records_cap from shared)
        select
            identifier_type,
            value as identifier_value_std,
            records_count,
            case when people_count > people_cap then people_cap else records_cap end as cap,
            case when people_count > people_cap then 'too many people' else 'too many records' end as reason
        from capped
        where people_count > people_cap or records_count > records_cap
    """


def _shared_devices_sql() -> str:
    return """
        with devices as (
            select record_id, count(distinct value) filter (where identifier_type = 'user_id') as users_count
            from identifier
            where is_device
            group by record_id
        )
        select identifier_type, value, users_count, 1, 'several users on one device'
        from identifier
        join devices using (record_id)
        where identifier_type = 'anonymous_id' and users_count > 1
    """


def _per_type(roles: Roles, limit: str) -> str:
    cases = " ".join(
        f"when '{name}' then {getattr(cap, limit)}" for name, cap in roles.caps.items() if name != "default"
    )
    return f"case identifier_type {cases} else {getattr(roles.caps['default'], limit)} end"
