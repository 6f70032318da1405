"""Where each known customer lives now, under which name, and which contact points several of them share.

Belongs here: reading people's private addresses and contact points from their records. Must not go here: who lives
together (households.py).
Concept: only what is private counts: what a record of somebody at work says is the company's. The address stated last
is where the customer lives, so whoever moves leaves.

Makes temporary tables, from conformed.int_records, int_identifiers, int_account_members and identity.identity_map:
  resident        member_id (a known customer), family_names, family_name (the one stated last), building, unit,
                  since_at (when the address was first stated); no address where no private one is known
  shared_contact  kind (email, phone, device), value, member_id; of every value that several customers have
  group_value, group_cut  as in accounts.py; of addresses, too
"""

import duckdb

from identity.matching.names import MACROS
from identity.roles import platform_roles

# More customers than this behind one door are a home for the old or for students, an office or a parcel shop.
RESIDENTS_CAP = 20


def load_residents(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables named above."""
    con.execute(MACROS)
    con.execute(f"create or replace temp table private_record as {_private_records_sql()}")
    con.execute(f"create or replace temp table resident as {_residents_sql()}")
    con.execute(f"create or replace temp table contact_point as {_contacts_sql()}")
    con.execute("""
        create or replace temp table group_value as
        select kind, value, member_id from contact_point
        union all
        select 'address', building || coalesce('|' || unit, ''), member_id from resident where building is not null
    """)
    con.execute(f"create or replace temp table group_cut as {_cut_sql()}")
    con.execute("""
        create or replace temp table shared_contact as
        select kind, value, member_id
        from contact_point
        anti join group_cut using (kind, value)
        qualify count(*) over (partition by kind, value) > 1
    """)


def _private_records_sql() -> str:
    """A row per person record; its address is null where the record is somebody's at work, or the address is a
    company's by another record. A building is street and number in a place; a missing postal code or country is filled
    in where other records of that street, number and town agree on one."""
    return """
        with records as (
            select
                map.customer_id as member_id,
                records.record_id,
                name_fold(family_name_std) as family_name,
                coalesce(records.updated_at, records.created_at) as stated_at,
                company_name_std is not null
                    or records.record_id in (select record_id from conformed.int_account_members) as is_business,
                case when house_number_std is not null then street_std || ' ' || house_number_std end as door,
                unit_std as unit, city_std as city, postal_code_std as postal_code, country_std as country
            from identity.identity_map as map
            join conformed.int_records as records using (record_id)
            where not map.is_device
        ),
        codes as (
            select door, city, min(postal_code) as postal_code
            from records
            group by door, city
            having min(postal_code) = max(postal_code)
        ),
        coded as (
            select records.* replace (coalesce(records.postal_code, codes.postal_code) as postal_code)
            from records
            left join codes using (door, city)
        ),
        countries as (
            select door, postal_code, min(country) as country
            from coded
            group by door, postal_code
            having min(country) = max(country)
        ),
        placed as (
            select
                coded.* exclude (door, city, postal_code, country),
                case
                    when coalesce(coded.postal_code, coded.city) is not null
                        then concat_ws(
                            '|', coded.door, coalesce(coded.postal_code, coded.city),
                            coalesce(coded.country, countries.country, '')
                        )
                end as building
            from coded
            left join countries using (door, postal_code)
            where coded.door is not null
            union all
            select * exclude (door, city, postal_code, country), null from coded where door is null
        ),
        offices as (
            select distinct building, coalesce(unit, '') as unit from placed where is_business and building is not null
        )
        select
            placed.* exclude (building, unit),
            case when not is_business and offices.building is null then placed.building end as building,
            case when not is_business and offices.building is null then placed.unit end as unit
        from placed
        left join offices on placed.building = offices.building and coalesce(placed.unit, '') = offices.unit
    """


def _residents_sql() -> str:
    return """
        with homes as (
            select member_id, building, unit
            from private_record
            where building is not null
            qualify row_number() over (
                partition by member_id order by stated_at desc nulls last, unit nulls last, building, record_id
            ) = 1
        ),
        names as (
            select
                member_id,
                list(distinct family_name order by family_name) filter (where family_name <> '') as family_names,
                max_by(family_name, (coalesce(stated_at, '-infinity'::timestamp), family_name))
                    filter (where family_name <> '') as family_name
            from private_record
            group by member_id
        ),
        stated as (select member_id, building, min(stated_at) as since_at from private_record group by all)
        select member_id, family_names, family_name, building, unit, since_at
        from names
        left join homes using (member_id)
        left join stated using (member_id, building)
    """


def _contacts_sql() -> str:
    """What private records give; a mailbox at a company's domain is the company's, whoever writes it down. A device is
    of all who signed in on it."""
    return """
        select distinct identifier_type as kind, identifier_value_std as value, member_id
        from conformed.int_identifiers
        join private_record using (record_id)
        where identifier_type in ('email', 'phone') and identifier_value_std is not null and not is_business
            and not (
                identifier_type = 'email'
                and split_part(identifier_value_std, '@', 2) in (
                    select domain_std from conformed.int_accounts where domain_std is not null
                )
            )
        union
        select 'device', device.record_id, member_id
        from identity.identity_map as map
        join conformed.int_identifiers as device on map.record_id = device.record_id
        join conformed.int_identifiers as held using (identifier_type, identifier_value_std)
        join private_record on held.record_id = private_record.record_id
        where map.is_device and identifier_type = 'user_id' and not is_business
    """


def _cut_sql() -> str:
    caps = platform_roles().caps
    return f"""
        select
            kind, value, count(*) as members_count,
            case kind
                when 'address' then {RESIDENTS_CAP}
                when 'email' then {caps["email"].people_cap}
                else {caps["phone"].people_cap}  -- a tablet's users too
            end as cap,
            'too many customers' as reason
        from group_value
        group by kind, value
        having members_count > cap
    """
