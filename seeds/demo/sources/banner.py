"""The consent banner: what each device was told, as Segment's `context.consent` carries it.

What a device answers hangs on its id alone and takes no throw of the dice, so that all else in the demo stays as it is
with any rates. A few change their mind in the time that the events cover.
"""

from hashlib import blake2b

from seeds.demo.clock import DAY
from seeds.demo.delivery import EVENT_DAYS
from seeds.demo.rates import ErrorRates

# Nobody switches off what the site needs to work; what people refuse first is advertising.
CATEGORIES = ("Advertising", "Analytics", "Functional")


def answers(device_id: str, start: int, rates: ErrorRates) -> tuple[str, str, int]:
    """The member of the context before and from a moment on, each with its comma or empty: (before, after, moment)."""
    answered, changes, ads, analytics, functional, when = (
        byte / 256 for byte in blake2b(device_id.encode()).digest()[:6]
    )
    if answered < rates.banner_unanswered:
        return "", "", start
    wanted = [
        ads >= rates.banner_refuses_advertising,
        analytics >= rates.banner_refuses_analytics,
        functional >= rates.banner_refuses_functional,
    ]
    before = _member(wanted)
    after = _member([not wanted[0], *wanted[1:]]) if changes < rates.banner_changed else before
    return before, after, start + int(when * EVENT_DAYS * DAY)


def _member(wanted: list[bool]) -> str:
    said = ",".join(f'"{category}":{str(one).lower()}' for category, one in zip(CATEGORIES, wanted, strict=True))
    return f'"consent":{{"categoryPreferences":{{{said}}}}},'
