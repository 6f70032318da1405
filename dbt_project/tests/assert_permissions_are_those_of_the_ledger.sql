-- Fails if a permission of customers is not what the consent ledger permits: that of the strictest of all contact points.
{%- for field, question in cdp.customer_permissions().items() %}
select customers.customer_id, '{{ field }}' as field, customers.{{ field }} as is_published, consents.is_allowed
from {{ ref('customers') }} as customers
left join {{ ref('int_customer_consents') }} as consents
    on consents.customer_id = customers.customer_id
    and consents.purpose = '{{ question.purpose }}' and consents.channel = '{{ question.channel }}'
where customers.{{ field }} is distinct from consents.is_allowed
{{ 'union all' if not loop.last }}
{%- endfor %}
