"""How two names relate: SQL pieces shared by the deterministic tiers and the model's comparisons.

Belongs here: what counts as a slip, an initial, a like sound, a generation. Must not go here: weights, decisions.
Concept: a slip of the finger makes a rare spelling out of a common one. Two spellings, both common, are two names
("lena" and "lea"), however alike they look.
"""

from functools import reduce

from standardise.names import GENERATIONS

# A spelling this many times rarer than its neighbour is taken for a slip of it.
SLIP_RARITY = 20
SLIP_SIMILARITY = 0.9
# Letters lost, doubled and exchanged at once: much the same letters, in a spelling that hardly anybody else has.
GARBLED_SIMILARITY, GARBLED_LETTERS = 0.8, 0.7
# Two edits of eight letters or more leave a Jaro similarity of 2/3 at least, and an exchange of two letters is two
# edits of Levenshtein's: what lies beyond needs no Damerau distance, which costs fifty times as much as the one and
# eight times as much as the other.
EDITED_SIMILARITY, EDITED_LETTERS = 0.6, 8

# Spellings of one sound, in the order in which they are folded.
FOLDED = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f"), ("y", "i"), ("ck", "k"), ("th", "t"))
SPELLINGS = reduce(lambda text, pair: f"replace({text}, '{pair[0]}', '{pair[1]}')", FOLDED, "name")

# A name's sound is its first letter and its consonants: "keeley" is "kaylee", "sarah" is "zara". Spelt by ear, the one
# of a pair is written for the other.
SOUNDS, SILENT, SOUNDING_LETTERS = ("zcqvdb", "skkftp"), "aeiouhjw", 3

# A mailbox that spells its owner's name says nothing that the name does not: anna.bauer@ is found at every company.
MAILBOX_SIMILARITY = 0.94

_WORDS = "|".join(word for words in GENERATIONS.values() for word in words)
_READ = " ".join(
    f"when word in ({', '.join(repr(word) for word in words)}) then '{generation}'"
    for generation, words in GENERATIONS.items()
)
MACROS = f"""
    create or replace temp macro generation_word(name) as
        case when contains(name, ' ') then regexp_extract(name, '\\S ({_WORDS})$', 1) end;
    create or replace temp macro generation_of(word) as case {_READ} end;
    create or replace temp macro without_generation(name) as
        case when contains(name, ' ') then regexp_replace(name, '(\\S) (?:{_WORDS})$', '\\1') else name end;
    create or replace temp macro name_fold(name) as regexp_replace({SPELLINGS}, '[^a-z0-9]|(?:h$)', '', 'g');
    create or replace temp macro sounds_of(letters) as translate(letters, '{SOUNDS[0]}', '{SOUNDS[1]}');
    create or replace temp macro without_doubles(letters) as
        array_to_string(
            list_filter(string_split(letters, ''), lambda letter, place: place = 1 or letter <> letters[place - 1]), ''
        );
    create or replace temp macro spelled(name) as {SPELLINGS};
    create or replace temp macro name_sound(name) as
        without_doubles(
            sounds_of(left(spelled(name), 1))
            || sounds_of(regexp_replace(replace(spelled(name)[2:], 'gh', ''), '[^a-z]|[{SILENT}]', '', 'g'))
        );
    create or replace temp macro sound_alike(l, r, l_sound, r_sound) as
        l_sound = r_sound and least(length(l), length(r)) >= {SOUNDING_LETTERS};
    create or replace temp macro within_edits(l, r, edits) as
        case
            when abs(length(l) - length(r)) > edits then false
            when least(length(l), length(r)) >= {EDITED_LETTERS} and jaro_similarity(l, r) < {EDITED_SIMILARITY}
                then false
            when levenshtein(l, r) > 2 * edits then false
            else damerau_levenshtein(l, r) <= edits
        end;
    create or replace temp macro is_slip(l, r, l_count, r_count) as
        (least(l_count, r_count) <= 2 or least(l_count, r_count) * {SLIP_RARITY} <= greatest(l_count, r_count))
        and (
            jaro_winkler_similarity(l, r) >= {SLIP_SIMILARITY}
            or (least(length(l), length(r)) >= 4 and within_edits(l, r, 1))
        );
    create or replace temp macro is_garbled(l, r, l_count, r_count) as
        (least(l_count, r_count) <= 2 or least(l_count, r_count) * {SLIP_RARITY} <= greatest(l_count, r_count))
        and least(length(l), length(r)) >= 4 and abs(length(l) - length(r)) <= 2
        and (
            jaro_winkler_similarity(l, r) >= {GARBLED_SIMILARITY}
            or jaccard(l, r) >= {GARBLED_LETTERS}
            or within_edits(l, r, 2)
        );
    create or replace temp macro is_spelt_alike(l, r, l_fold, r_fold, l_count, r_count) as
        l_fold = r_fold or is_slip(l, r, l_count, r_count);
    create or replace temp macro is_initial(l, r) as
        left(l, 1) = left(r, 1) and least(length(l), length(r)) = 1;
    create or replace temp macro may_be_one(l, r) as
        coalesce(jaro_winkler_similarity(l, r) >= {GARBLED_SIMILARITY} or is_initial(l, r), true);
    create or replace temp macro are_swapped(l, r, l_other, r_other) as
        (l = r_other and may_be_one(r, l_other)) or (r = l_other and may_be_one(l, r_other));
    create or replace temp macro letters_of(name) as regexp_replace(name, '[^a-z]', '', 'g');
    create or replace temp macro mailbox_letters(email) as
        regexp_replace(split_part(email, '@', 1), '[^a-z0-9]', '', 'g');
    create or replace temp macro ways_to_say(given, family, given_letters, family_letters) as [
        given_letters || family_letters, family_letters || given_letters,
        given[:1] || family_letters, family_letters || given[:1],
        given_letters || family[:1], family[:1] || given_letters,
        given_letters, family_letters
    ];
    create or replace temp macro mailbox_says_name(mailbox, given, family, given_letters, family_letters) as
        case
            when regexp_matches(mailbox, '[0-9]') then false
            else len(
                list_filter(
                    ways_to_say(given, family, given_letters, family_letters),
                    lambda way: jaro_winkler_similarity(way, mailbox) >= {MAILBOX_SIMILARITY}
                )
            ) > 0
        end;
    create or replace temp macro without_name(mailbox, letters) as
        case when length(letters) > 2 then replace(mailbox, letters, '') else mailbox end;
    create or replace temp macro mailbox_beyond_name(mailbox, given_letters, family_letters) as
        nullif(without_name(without_name(mailbox, family_letters), given_letters), mailbox);
"""
