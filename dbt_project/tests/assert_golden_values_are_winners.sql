-- Fails if a golden value of customers is not the winner of customer_fields, if a winner is missing from customers, or if a field has two.
with golden as (
    {%- for fields in [cdp.customer_permissions()] + (cdp.customer_units().values() | list) %}
    {%- set last_unit = loop.last %}
    {%- for field in fields %}
    select customer_id, '{{ field }}' as field, cast({{ field }} as varchar) as value from {{ ref('customers') }} where {{ field }} is not null
    {{ 'union all' if not (loop.last and last_unit) }}
    {%- endfor %}
    {%- endfor %}
),
winners as (
    select customer_id, field, min(value) as value, count(*) as winners_count
    from {{ ref('customer_fields') }}
    where is_winner and rule <> 'derived'
    group by 1, 2
)
select coalesce(golden.customer_id, winners.customer_id) as customer_id, coalesce(golden.field, winners.field) as field
from golden
full join winners on winners.customer_id = golden.customer_id and winners.field = golden.field
where golden.value is distinct from winners.value or winners.winners_count <> 1
