{#
  Amounts in the home currency (var home_currency, dollars unless it says otherwise), at the rate that held on the day that an
  amount is of: int_exchange_rates has the rates, seeds/reference/currencies.csv says them.
#}

{#
  How many decimals a currency's smallest unit is, after ISO 4217, for all that have other than two. A system that counts some
  currencies otherwise says so in its staging model.
#}
{% macro minor_digits() %}
    {{ return({
        'BIF': 0, 'CLP': 0, 'DJF': 0, 'GNF': 0, 'ISK': 0, 'JPY': 0, 'KMF': 0, 'KRW': 0, 'PYG': 0, 'RWF': 0, 'UGX': 0, 'UYI': 0,
        'VND': 0, 'VUV': 0, 'XAF': 0, 'XOF': 0, 'XPF': 0,
        'BHD': 3, 'IQD': 3, 'JOD': 3, 'KWD': 3, 'LYD': 3, 'OMR': 3, 'TND': 3,
        'CLF': 4, 'UYW': 4
    }) }}
{% endmacro %}

{# An amount in its currency, from one in the currency's smallest unit (cents). differently: digits of currencies that the source
   counts otherwise than ISO 4217. Of an unknown currency the unit is a hundredth. #}
{% macro from_minor_units(amount, currency, differently={}) -%}
    {%- set digits = dict(cdp.minor_digits(), **differently) -%}
    cast({{ amount }} / case
        {%- for count, divisor in {0: 1.0, 3: 1000.0, 4: 10000.0}.items() %}
        {%- set codes = [] %}
        {%- for code, own in digits.items() if own == count %}{% do codes.append(code) %}{% endfor %}
        when upper(trim({{ currency }})) in ({{ cdp.texts(codes) }}) then {{ divisor }}
        {%- endfor %}
        else 100.0
    end as decimal(18, 2))
{%- endmacro %}

{# An amount as Stripe tells it: three currencies otherwise than ISO 4217 (https://docs.stripe.com/currencies, zero-decimal and special cases). #}
{% macro stripe_amount(amount, currency) -%}
    {{ cdp.from_minor_units(amount, currency, {'MGA': 0, 'ISK': 2, 'UGX': 2}) }}
{%- endmacro %}

{# An amount at the rate that join_rates found; null where the currency is unknown. #}
{% macro usd(amount) -%}
    cast(round({{ amount }} * rates.home_rate, 2) as decimal(18, 2))
{%- endmacro %}

{# The rate of a row's currency on a row's day; an amount of no known day is at the newest rate. #}
{% macro join_rates(currency, day) -%}
    {{ return(adapter.dispatch('join_rates', 'cdp')(currency, day)) }}
{%- endmacro %}

{% macro default__join_rates(currency, day) -%}
    asof left join {{ ref('int_exchange_rates') }} as rates
        on rates.currency = upper(trim({{ currency }})) and coalesce(cast({{ day }} as date), date '9999-12-31') >= rates.valid_from
{%- endmacro %}

{# Stops the build, naming everything in the table of rates that would make amounts wrong. #}
{% macro check_rates(currencies) -%}
    {%- if execute and graph -%}
        {%- set wrong = [] -%}
        {%- for row in run_query(cdp.wrong_rates(currencies)).rows %}{% do wrong.append(row[0]) %}{% endfor -%}
        {%- if wrong -%}
            {%- do exceptions.raise_compiler_error('seeds/reference/currencies.csv: ' ~ wrong | join('; ')) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro wrong_rates(currencies) -%}
    with rates as (
        select coalesce(currency, '(none)') as currency, try_cast(valid_from as date) as day, try_cast(usd_rate as double) as usd_rate
        from {{ currencies }}
    )
    select distinct currency || ' has a first day that is no date: write year-month-day' from rates where day is null
    union all
    select distinct currency || ' has a rate that is no number above 0: write what one unit of it is worth in dollars'
    from rates where coalesce(not usd_rate > 0, true)
    union all
    select distinct currency || ' has several rates from one day on: keep one'
    from rates where day is not null group by currency, day having count(*) > 1
    union all
    select distinct currency || ' is written otherwise than its code in ISO 4217: three capital letters' from rates where not regexp_full_match(currency, '[A-Z]{3}')
    union all
    select 'USD has a rate other than 1: rates are dollars for one unit' from rates where currency = 'USD' and usd_rate <> 1
    union all
    select '{{ var("home_currency") }}, the home currency, has no rate: add it, or mend home_currency in dbt_project.yml'
    where '{{ var("home_currency") }}' not in (select currency from rates)
    order by all
{%- endmacro %}
