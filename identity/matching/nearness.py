"""How two birth dates, two addresses and two mailboxes relate: SQL pieces of the model's comparisons.

Belongs here: what counts as a slip of a date, as one address, as nearly one. Must not go here: names (names.py),
weights, decisions.
Concept: Splink reads the condition of every level again and again, to see whether it is one of equality. A macro is
read at once; a condition of many ands and ors is not.
"""

# A birth date slips by a unit in one part, or in two: a year and a month, or the year's tens.
YEAR_AND_A_MONTH_DAYS, TEN_YEARS_DAYS = 397, 3_690
# An address in one line, or in fewer fields than the other's, is compared by its words: a number, a street, a town.
LEAST_ADDRESS_WORDS, MOST_ADDRESS_WORDS = 4, 0.75
# Mailboxes of two people of one name look alike: what they hold beyond the name must be alike as well, and two numbers
# the same but for a slip.
LIKE_MAILBOX = 0.88

MACROS = f"""
    create or replace temp macro year_of(date) as substr(date, 1, 4);
    create or replace temp macro month_of(date) as substr(date, 6, 2);
    create or replace temp macro day_of(date) as substr(date, 9, 2);
    create or replace temp macro is_date_slip(l, r) as
        within_edits(l, r, 1)
        or (year_of(l) = year_of(r) and month_of(l) = day_of(r) and day_of(l) = month_of(r));
    create or replace temp macro has_two_parts(l, r) as
        (year_of(l) = year_of(r))::tinyint + (month_of(l) = month_of(r))::tinyint + (day_of(l) = day_of(r))::tinyint
        >= 2;
    create or replace temp macro within_days(l, r, days) as
        abs(date_diff('day', try_cast(l as date), try_cast(r as date))) <= days;

    create or replace temp macro words_in_common(l, r) as len(list_intersect(l, r)) / least(len(l), len(r));
    create or replace temp macro has_words_within(l, r) as words_in_common(l, r) = 1 and least(len(l), len(r)) > 1;
    create or replace temp macro has_words(l, r) as
        coalesce(len(l) >= {LEAST_ADDRESS_WORDS} and len(r) >= {LEAST_ADDRESS_WORDS}, false);
    create or replace temp macro in_one_line(postal_l, postal_r, words_l, words_r) as
        (postal_l is null or postal_r is null) and has_words(words_l, words_r);
    create or replace temp macro in_one_place(postal_l, postal_r, city_l, city_r) as
        postal_l = postal_r or (city_l = city_r and (postal_l is null or postal_r is null));
    create or replace temp macro is_one_address(
        street_l, street_r, house_l, house_r, postal_l, postal_r, city_l, city_r, words_l, words_r
    ) as
        (
            street_l = street_r and coalesce(house_l, '') = coalesce(house_r, '')
            and in_one_place(postal_l, postal_r, city_l, city_r)
        )
        or (
            in_one_line(postal_l, postal_r, words_l, words_r) and coalesce(house_l = house_r, true)
            and words_in_common(words_l, words_r) = 1
        );
    create or replace temp macro is_near_address(
        street_l, street_r, house_l, house_r, postal_l, postal_r, city_l, city_r, words_l, words_r
    ) as
        coalesce(house_l = house_r, true)
        and (
            ((postal_l = postal_r or city_l = city_r) and jaro_winkler_similarity(street_l, street_r) >= 0.9)
            or (
                in_one_line(postal_l, postal_r, words_l, words_r)
                and words_in_common(words_l, words_r) >= {MOST_ADDRESS_WORDS}
            )
        );
    create or replace temp macro is_near_mailbox(l, r, l_own, r_own) as l_own = r_own or within_edits(l, r, 2);
    create or replace temp macro mailbox_number(email) as
        nullif(regexp_replace(split_part(email, '@', 1), '[^0-9]', '', 'g'), '');
    create or replace temp macro is_like_mailbox(l, r, l_own, r_own, l_beyond, r_beyond) as
        jaro_winkler_similarity(l, r) >= {LIKE_MAILBOX}
        and jaro_winkler_similarity(split_part(l, '@', 1), split_part(r, '@', 1)) >= {LIKE_MAILBOX}
        and coalesce(within_edits(mailbox_number(l), mailbox_number(r), 1), true)
        and ((l_own is not null and r_own is not null) or split_part(l, '@', 2) = split_part(r, '@', 2))
        and not coalesce(
            least(l_beyond, r_beyond) = '' or jaro_winkler_similarity(l_beyond, r_beyond) < {LIKE_MAILBOX}, false
        );
    create or replace temp macro is_near_phone(l, r) as right(l, 7) = right(r, 7) or within_edits(l, r, 1);
"""
