-- Grain: one row per table of facts: how much of what was sent counts for nobody, or not as it was sent. Lost: lines that ingestion
-- set aside. Unread: rows with a value that staging could not read. Unattached: rows that no customer or visitor holds. A row that
-- came twice is none of them: it was loaded once.
with made_of as (
    {{ cdp.sources_of_facts() }}
),
faults as (
    select
        made_of.fact,
        count(*) filter (where quarantine.kind = 'line') as lost_count,
        count(distinct (quarantine.source, quarantine.table_name, quarantine.file, quarantine.line)) filter (where quarantine.kind = 'value') as unread_count
    from made_of
    inner join {{ ref('quarantine') }} as quarantine
        on quarantine.source = made_of.source and quarantine.table_name = made_of.table_name
    group by made_of.fact
),
rows_of_facts as (
    {%- for fact, counts in cdp.fact_tables().items() %}
    select
        '{{ fact }}' as fact, count(*) as rows_count,
        count(*) filter (where identity_map.record_id is null) as unattached_count
    from {{ ref(fact) }} as facts
    left join {{ source('identity', 'identity_map') }} as identity_map on identity_map.record_id = facts.record_id
    where {{ counts }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),
final as (
    select
        rows_of_facts.fact, rows_of_facts.rows_count, rows_of_facts.unattached_count,
        coalesce(faults.lost_count, 0) as lost_count,
        coalesce(faults.unread_count, 0) as unread_count,
        rows_of_facts.rows_count + coalesce(faults.lost_count, 0) as sent_count
    from rows_of_facts
    left join faults on faults.fact = rows_of_facts.fact
)
select * from final
