{# Definitions that more than one measure must share. #}

{# Which rows of int_orders count as orders and as revenue. #}
{% macro is_counted_order() -%}
    lower(coalesce(status, '')) not in ('cancelled', 'canceled', 'voided')
{%- endmacro %}

{# A subscription's price per month, from its price per period. #}
{% macro monthly_usd(amount, billing_interval) -%}
    {{ amount }} * case {{ billing_interval }} when 'year' then 1.0 / 12 when 'week' then 52.0 / 12 when 'day' then 365.0 / 12 else 1 end
{%- endmacro %}

{# 1 to 5 by fifths of the rows, 5 the largest; equal values share a score. Null stays null. #}
{% macro quintile(value) -%}
    case when {{ value }} is not null then cast(least(5, 1 + floor(5 * percent_rank() over (partition by {{ value }} is null order by {{ value }}))) as integer) end
{%- endmacro %}

{# The channels by which a customer can be reached. #}
{% macro channels() -%}
    {{ return(['email', 'sms', 'phone', 'ads', 'in_app', 'post']) }}
{%- endmacro %}

{# A list of texts for `in (…)`. #}
{% macro texts(values) -%}
    {% for value in values | unique %}{{ dbt.string_literal(dbt.escape_single_quotes(value)) }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# Use of the product, for whoever counts it: customers, accounts, tickets. dbt_project.yml declares the names. #}
{% macro is_product_use(event_name) -%}
    {{ event_name }} in ({{ cdp.texts(var('product_use_events')) }})
{%- endmacro %}

{# An event whose first time is a step of getting started, declared beside. #}
{% macro is_onboarding_event(event_name) -%}
    {{ event_name }} in ({{ cdp.texts(var('onboarding_events')) }})
{%- endmacro %}

{# What else a product event says, read from its name and from the outcome that it carries. #}
{% macro is_product_change(event_name) -%}
    regexp_matches({{ event_name }}, '(?i)\b(feature|release|version|workflow)\b.*\b(changed|released|updated|removed|migrated)\b')
{%- endmacro %}

{% macro is_failure(event_name, outcome) -%}
    coalesce(lower({{ outcome }}) in ('failed', 'failure', 'error', 'timeout'), false) or regexp_matches({{ event_name }}, '(?i)\b(failed|failure|error|crashed)\b')
{%- endmacro %}

{# Use that fell by half or more from a base that is large enough for the fall to be none of chance. #}
{% macro has_fallen(recent, base, base_at_least) -%}
    coalesce({{ base }} >= {{ base_at_least }} and {{ recent }} <= {{ base }} * (1 - {{ var('usage_drop_pct') }} / 100.0), false)
{%- endmacro %}

{# A ticket's story in a line, for ticket_context: what happened how many hours before; nothing that did not happen. #}
{% macro what_led_up() -%}
    {%- set ago = " || round(datediff('minute', judged.{at}, tickets.opened_at) / 60.0)::integer || ' h before'" -%}
    nullif(concat_ws('; ',
        'product change' || coalesce(' of ' || judged.changed_feature, '') || ' '{{ ago.replace('{at}', 'product_changed_at') }},
        judged.failures_count || ' failed, last ' || judged.last_failed || ' '{{ ago.replace('{at}', 'last_failed_at') }},
        'message ' || judged.last_message || ' '{{ ago.replace('{at}', 'last_message_at') }},
        case when judged.is_usage_drop then 'usage drop: ' || judged.events_48_hours_count || ' events in 48 h, usually ' || round(judged.events_48_hours_usual, 1)
            || ', ' || judged.events_14_days_count || ' in 14 days, ' || judged.events_14_days_earlier_count || ' in the 14 before' end,
        judged.last_billing || ' '{{ ago.replace('{at}', 'last_billing_at') }},
        judged.last_onboarding || ' '{{ ago.replace('{at}', 'last_onboarding_at') }},
        'last order '{{ ago.replace('{at}', 'last_order_at') }},
        case when tickets.customer_id is not null and tickets.customer_tickets_before_count > 0 then 'earlier tickets: ' || tickets.customer_tickets_before_count end
    ), '')
{%- endmacro %}

{# How somebody came to us, from what the address of a visit tells and from the page that sent it. #}
{% macro touch_channel(medium, source, click_id, referrer_host) -%}
    case
        when {{ medium }} in ('email', 'e-mail', 'newsletter') then 'email'
        when {{ medium }} in ('sms', 'push') then {{ medium }}
        when {{ medium }} in ('cpc', 'ppc', 'paid_search', 'paidsearch') then 'paid_search'
        when {{ medium }} in ('paid_social', 'paidsocial', 'paid-social') then 'paid_social'
        when {{ medium }} in ('display', 'banner', 'cpm') then 'display'
        when {{ medium }} in ('affiliate', 'affiliates') then 'affiliate'
        when {{ source }} is not null or {{ click_id }} is not null then 'other_campaign'
        when regexp_matches({{ referrer_host }}, '(^|\.)(google|bing|duckduckgo|yahoo|ecosia|yandex|baidu)\.') then 'organic_search'
        when regexp_matches({{ referrer_host }}, '(^|\.)(facebook|instagram|linkedin|twitter|x|t|reddit|tiktok|pinterest|youtube)\.') then 'organic_social'
        else 'referral'
    end
{%- endmacro %}

{#
  A weight as dollars: what the touches of an order have got up to and with this one, less what they had before it, both
  rounded to the cent; so an order's touches get exactly its revenue, whatever the weights. Decimals, since sums of
  doubles depend on their order.
#}
{% macro weighted_usd(weight, revenue) -%}
    {%- set share = 'cast(' ~ weight ~ ' as decimal(18, 12))' -%}
    cast(
        round({{ revenue }} * sum({{ share }}) over upto, 2) - round({{ revenue }} * (sum({{ share }}) over upto - {{ share }}), 2)
        as decimal(18, 2)
    )
{%- endmacro %}

{# Bits of evidence as a probability, 0 to 1. #}
{% macro probability(weight) -%}
    1 / (1 + pow(2, -greatest(least({{ weight }}, 50), -50)))
{%- endmacro %}
