"""The advertising platforms: who clicked which advertisement, and what each cost on each day.

A click that a visit's address tells of is here under the same id; others never reached the website, or a machine made
them.
Chance is of its own, so that the other systems' files hang on nothing here.
"""

from collections import Counter
from dataclasses import dataclass

from seeds.demo.chance import Dice
from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, date_text, iso
from seeds.demo.delivery import EVENT_DAYS, to_json

# Clicks of which no visit came: left before the page was there, or without a cookie.
LOST_CLICKS = 0.12
# Clicks that the platform itself does not charge, a machine's.
INVALID_CLICKS = 0.04


@dataclass(frozen=True)
class Campaign:
    """A campaign as its platform knows it. name: the utm_campaign of its links; cents: of one click on average."""

    campaign_id: str
    platform: str
    medium: str
    name: str
    currency: str
    cents: int


CAMPAIGNS = {
    campaign.name: campaign
    for campaign in (
        Campaign("g-20417733", "google", "cpc", "desks-autumn", "EUR", 64),
        Campaign("g-20417802", "google", "cpc", "labels", "EUR", 31),
        Campaign("fb-6671290", "facebook", "paid_social", "flows-launch", "GBP", 82),
        Campaign("li-5530118", "linkedin", "paid_social", "flows-teams", "USD", 410),
    )
}


class Ads:
    """Written when all visits are. A chunk is one advertisement of each campaign, so that days add up over chunks."""

    def __init__(self, chunk: Chunk, seed: int):
        self.chunk = chunk
        self.dice = Dice(f"advertisements {seed} {chunk.number}")
        self.clicks: Counter[tuple[str, int]] = Counter()

    def write(self) -> None:
        for at, name, click_id in sorted(self.chunk.arrivals):
            if campaign := CAMPAIGNS.get(name):
                self._click(campaign, at - self.dice.between(1, 4), click_id or self._id())
                while self.dice.chance(LOST_CLICKS):
                    self._click(campaign, at + self.dice.between(60, 3000), self._id())
        self._costs()

    def _id(self) -> str:
        return self.dice.hexadecimal(16)

    def _click(self, campaign: Campaign, at: int, click_id: str) -> None:
        invalid = self.dice.chance(INVALID_CLICKS)
        self.clicks[campaign.name, at // DAY] += not invalid
        click = {
            "click_id": click_id,
            "campaign_id": campaign.campaign_id,
            "campaign_name": campaign.name,
            "platform": campaign.platform,
            "ad_id": self._ad(campaign),
            "clicked_at": iso(at),
            "is_valid": not invalid,
        }
        self.chunk.delivery.event("ads", "clicks", at, to_json(click))

    def _costs(self) -> None:
        """One line per advertisement and day, sent when the day is over."""
        last = self.chunk.until // DAY
        for campaign in CAMPAIGNS.values():
            for day in range(last - EVENT_DAYS, last):
                clicks = self.clicks[campaign.name, day]
                cost = sum(int(campaign.cents * (0.5 + self.dice.random())) for _ in range(clicks))
                line = {
                    "campaign_id": campaign.campaign_id,
                    "ad_id": self._ad(campaign),
                    "day": date_text(day * DAY),
                    "platform": campaign.platform,
                    "medium": campaign.medium,
                    "campaign_name": campaign.name,
                    "impressions": clicks * self.dice.between(20, 60) + self.dice.between(0, 40),
                    "clicks": clicks,
                    "cost": f"{cost / 100:.2f}",
                    "currency": campaign.currency,
                }
                self.chunk.delivery.event("ads", "costs", min((day + 1) * DAY, self.chunk.until) - 1, to_json(line))

    def _ad(self, campaign: Campaign) -> str:
        return f"{campaign.campaign_id}-{self.chunk.number}"
