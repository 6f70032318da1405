-- One row per currency and day from which a rate holds: what one unit is worth in the home currency. The days are the currency's
-- own and the home currency's, since either moves the rate. The first rate of a currency holds for the days before it too.
{{ cdp.check_rates(ref('currencies')) }}
with dated as (

    select
        currency,
        cast(usd_rate as double) as usd_rate,
        case
            when row_number() over (partition by currency order by valid_from) = 1 then date '0001-01-01'
            else cast(valid_from as date)
        end as valid_from
    from {{ ref('currencies') }}

),

home as (

    select usd_rate, valid_from from dated where currency = '{{ var("home_currency") }}'

),

days as (

    select currency, valid_from from dated
    union
    select currencies.currency, home.valid_from
    from home
    cross join (select distinct currency from dated) as currencies

),

held as (

    select
        days.currency,
        days.valid_from,
        last_value(dated.usd_rate ignore nulls) over until_day as usd_rate,
        last_value(home.usd_rate ignore nulls) over until_day as home_usd_rate
    from days
    left join dated on dated.currency = days.currency and dated.valid_from = days.valid_from
    left join home on home.valid_from = days.valid_from
    window until_day as (partition by days.currency order by days.valid_from rows unbounded preceding)

),

rates as (

    select currency, valid_from, usd_rate / home_usd_rate as home_rate from held

)

select * from rates
