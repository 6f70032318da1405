"""Scores worked out by hand."""

import pytest

from identity.watching.score import score


def as_query(groups: list[str]) -> str:
    rows = ", ".join(f"('{member}', {number})" for number, group in enumerate(groups) for member in group)
    return f"select * from (values {rows}) as t (unique_id, entity_id)"


@pytest.mark.parametrize(
    ("found", "true", "pairs", "b3"),
    [
        (["abc", "d"], ["abc", "d"], (1, 1), (1, 1)),
        # found ab, ac, bc, of which ab is true; true ab, cd
        (["abc", "d"], ["ab", "cd"], (1 / 3, 1 / 2), ((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, (1 + 1 + 1 / 2 + 1 / 2) / 4)),
        # nothing joined: nothing wrong, nothing found
        (["a", "b"], ["ab"], (1, 0), (1, 1 / 2)),
    ],
)
def test_pairs_and_b3(memory, found, true, pairs, b3):
    result = score(memory(), as_query(found), as_query(true))
    assert (result["pair_precision"], result["pair_recall"]) == pytest.approx(pairs)
    assert (result["b3_precision"], result["b3_recall"]) == pytest.approx(b3)


def test_records_without_a_truth_do_not_count(memory):
    result = score(memory(), as_query(["ab", "cx"]), as_query(["ab", "c"]))
    assert result["records"] == 3
    assert result["pair_f1"] == 1
