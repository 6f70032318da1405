"""How two names relate: what is cheap to say is said of the same pairs as what is dear."""

import random

import duckdb
import pytest

from identity.matching.names import MACROS

ALIKE = [("sarah", "zara"), ("keeley", "kaylee"), ("karl", "carl"), ("leigh", "lee"), ("susanne", "susan e")]
UNLIKE = [("mark", "marsha"), ("darla", "darlene"), ("anna", "ina"), ("lena", "lea"), ("jo", "ja")]

WORDS, PAIRS = 400, 40_000


def test_the_cheap_look_before_an_edit_distance_drops_no_pair() -> None:
    draw = random.Random(20_261_127)
    words = ["".join(draw.choices("abcde"[: draw.choice((2, 3, 5))], k=draw.randrange(1, 16))) for _ in range(WORDS)]
    pairs = [(word := draw.choice(words), _edited(_edited(word, draw), draw)) for _ in range(PAIRS)]
    con = duckdb.connect()
    con.execute(MACROS)
    con.execute(
        "create table pair as select unnest($lefts) as l, unnest($rights) as r",
        {"lefts": [left for left, _ in pairs], "rights": [right for _, right in pairs]},
    )
    for edits in (1, 2):
        near, wrong = con.execute(
            "select count(*) filter (where damerau_levenshtein(l, r) <= $edits), "
            "count(*) filter (where (damerau_levenshtein(l, r) <= $edits) is distinct from within_edits(l, r, $edits)) "
            "from pair",
            {"edits": edits},
        ).fetchall()[0]
        assert near > PAIRS / 10
        assert wrong == 0


def _edited(word: str, draw: random.Random) -> str:
    """The word with a letter put in, left out, exchanged, or turned with the next."""
    place, letter = draw.randrange(len(word) + 1), draw.choice("abcde")
    before, after = word[:place], word[place:]
    return draw.choice(
        (before + letter + after, before + after[1:], before + letter + after[1:], before + after[1::-1] + after[2:])
    )


@pytest.mark.parametrize(("pairs", "expected"), [(ALIKE, True), (UNLIKE, False)])
def test_names_sound_alike_by_their_consonants(pairs: list[tuple[str, str]], expected: bool) -> None:
    con = duckdb.connect()
    con.execute(MACROS)
    for left, right in pairs:
        found = con.execute(
            "select sound_alike($l, $r, name_sound($l), name_sound($r))", {"l": left, "r": right}
        ).fetchall()
        assert found == [(expected,)], (left, right)


@pytest.mark.parametrize(
    ("mailbox", "says"),
    [
        ("anna.bauer", True),
        ("bauer-anna", True),
        ("abauer", True),
        ("annab", True),
        ("anna", True),
        ("ana.bauer", True),
        ("anna.bauer77", False),
        ("sunshine", False),
        ("office", False),
    ],
)
def test_a_mailbox_that_spells_the_name_says_no_more_than_the_name(mailbox: str, says: bool) -> None:
    con = duckdb.connect()
    con.execute(MACROS)
    found = con.execute(
        "select mailbox_says_name(mailbox_letters($email), 'anna', 'bauer', 'anna', 'bauer')",
        {"email": f"{mailbox}@x.org"},
    ).fetchall()
    assert found == [(says,)]


@pytest.mark.parametrize(
    ("one", "other", "swapped"),
    [
        (("guenter", "altmann"), ("altmann", "guenter"), True),
        (("wilhelm", "altmann"), ("altmann", "willi"), True),
        (("wilhelm", "altmann"), ("altmann", "w"), True),
        (("wilhelm", "altmann"), ("altmann", None), True),
        (("petra", "altmann"), ("altmann", "guenter"), False),
        (("henry", "howard"), ("howard", "hughes"), False),
    ],
)
def test_names_are_swapped_where_each_may_be_the_other(one: tuple, other: tuple, swapped: bool) -> None:
    """Of a family, everybody's family name is the given name of the one who was entered the wrong way round."""
    con = duckdb.connect()
    con.execute(MACROS)
    for left, right in ((one, other), (other, one)):
        for mine, theirs in (((0, 1), (0, 1)), ((1, 0), (1, 0))):
            asked = [left[mine[0]], right[theirs[0]], left[mine[1]], right[theirs[1]]]
            found = con.execute("select coalesce(are_swapped($1, $2, $3, $4), false)", asked).fetchall()
            assert found == [(swapped,)]
