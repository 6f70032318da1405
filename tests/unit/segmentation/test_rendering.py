"""A segment's Jinja, without dbt."""

from datetime import datetime

import pytest

from segmentation.rendering import rendered
from warehouse.errors import CdpError

AS_OF = datetime(2026, 11, 1)


def render(text: str) -> str:
    return rendered("seg_x", text, AS_OF, ["customers"])


def test_the_words_of_a_segment_are_known() -> None:
    sql = render(
        "select {{ cdp.as_of() }} from {{ ref('customers') }} where n < {{ var('onboarding_events') | length }}"
    )

    assert sql == "select timestamp '2026-11-01 00:00:00' from published.main.customers where n < 4"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("from {{ ref('int_customer_records') }}", "reads int_customer_records, which is private: read public models"),
        ("from {{ ref('custommers') }}", "reads custommers, which is no model"),
        ("from {{ source('identity', 'edges') }}", "Jinja that a preview cannot read: 'source' is undefined"),
        ("{{ cdp.usd('a', 'b') }}", "has no attribute 'usd'"),
        ("{% for x in %}", "Jinja that a preview cannot read"),
        ("{{ ref.__globals__ }}", "Jinja that a preview cannot read"),
    ],
)
def test_what_a_segment_may_not_say_is_named(text: str, says: str) -> None:
    with pytest.raises(CdpError, match=says):
        render(text)
