{# The words of consent: what a decision may be about, and which of two counts (governance/consent_algebra.py says why). #}

{% macro consent_purposes() -%}
    {{ return(['marketing', 'service', 'analytics', 'personalisation']) }}
{%- endmacro %}

{% macro consent_channels() -%}
    {{ return(['email', 'sms', 'phone', 'ads', 'in_app', 'post']) }}
{%- endmacro %}

{# What a source may say; that a permission has run out is also what the platform finds by its date. #}
{% macro consent_statuses() -%}
    {{ return(['granted', 'denied', 'withdrawn', 'expired']) }}
{%- endmacro %}

{% macro words(known) -%}
    '{{ known | join("', '") }}'
{%- endmacro %}

{% macro strictness(status) -%}
    case {{ status }} when 'granted' then 1 when 'expired' then 2 when 'denied' then 3 when 'withdrawn' then 4 end
{%- endmacro %}

{# A record's postal address as a contact point, as std_postal_address makes it of a line; null where a part of it is missing. #}
{% macro postal_address(records) -%}
    {{ records }}.street_std || '|' || coalesce({{ records }}.house_number_std, '') || '|' || {{ records }}.postal_code_std
    || '|' || {{ records }}.country_std
{%- endmacro %}

{# An address as a source tells it, in the one line that std_postal_address reads; null where a part of it is missing. #}
{% macro address_line(street, postal_code, country) -%}
    {{ street }} || ', ' || {{ postal_code }} || ', ' || {{ country }}
{%- endmacro %}
