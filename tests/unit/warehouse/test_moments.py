from datetime import datetime

import pytest

from warehouse.errors import CdpError
from warehouse.moments import read_moment


@pytest.mark.parametrize(
    ("text", "day_ends", "moment"),
    [
        ("2026-11-01", False, datetime(2026, 11, 1)),
        ("2026-11-01", True, datetime(2026, 11, 1, 23, 59, 59, 999999)),
        ("2026-11-01T12:00", True, datetime(2026, 11, 1, 12)),
        (" 2026-11-01T12:00:00+01:00 ", False, datetime(2026, 11, 1, 11)),
    ],
)
def test_a_moment_is_read_as_utc(text, day_ends, moment):
    assert read_moment(text, said_of="TIME", day_ends=day_ends) == moment


def test_what_is_no_moment_is_refused_with_an_example_and_not_repeated():
    with pytest.raises(CdpError, match=r"TIME is not a moment.*Write it like") as caught:
        read_moment("ada@example.org", said_of="TIME")
    assert "ada" not in str(caught.value)
