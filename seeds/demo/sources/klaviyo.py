"""Klaviyo: profiles, metrics and message events, as JSON:API objects."""

from seeds.demo.chunk import Chunk
from seeds.demo.clock import DAY, iso
from seeds.demo.impressions import Impression
from seeds.demo.people import Person
from seeds.demo.words import commerce

METRICS = {
    "Received Email": "Rq3fW1",
    "Opened Email": "Op7aK2",
    "Clicked Email": "Cl9sM3",
    "Bounced Email": "Bo2nC4",
    "Unsubscribed from Email Marketing": "Un5sB6",
}

NO_SMS = {"consent": "NEVER_SUBSCRIBED", "consent_timestamp": None, "method": None}


class Klaviyo:
    def __init__(self, chunk: Chunk):
        self.chunk, self.dice = chunk, chunk.dice

    def metrics(self) -> None:
        at = self.chunk.until - 860 * DAY
        for name, key in METRICS.items():
            metric = {"type": "metric", "id": key, "attributes": {"name": name, "created": iso(at), "updated": iso(at)}}
            self.chunk.delivery.versions("klaviyo", "metrics", [(self.chunk.until - 60, metric)])

    def profile(self, person: Person, business: bool, messages: bool = True) -> str:
        chunk, dice = self.chunk, self.dice
        key, created = f"01{dice.token(24).upper()}", chunk.some_time()
        chunk.record(f"klaviyo:{key}", person)
        seen = chunk.observer.see(person, "klaviyo", created, business)
        known = self._known(person, created, business)
        consent = "SUBSCRIBED" if person.wants_marketing else dice.pick(["UNSUBSCRIBED", "NEVER_SUBSCRIBED"])
        last, left = self._messages(key, seen, created, person, messages and consent == "SUBSCRIBED")
        versions = [(created, _profile(key, known, seen, created, consent, None))]
        consent = "UNSUBSCRIBED" if left else consent
        if last:
            versions.append((last, _profile(key, known, seen, last, consent, last)))
        if dice.chance(chunk.rates.update):
            at = max(last or 0, chunk.later(created))
            again = chunk.observer.see_again(seen, person, "klaviyo", at, business)
            versions.append((at, _profile(key, known, again, at, consent, last)))
        chunk.delivery.versions("klaviyo", "profiles", versions)
        return key

    def _known(self, person: Person, created: int, business: bool) -> dict:
        """Attributes that no version changes."""
        country = person.country
        location = dict.fromkeys(("address1", "address2", "city", "region", "country", "zip", "timezone"))
        return {
            "external_id": person.user_id if person.user_id and self.dice.chance(0.4) else None,
            "organization": person.company.name if business and person.company else None,
            "title": None,
            "locale": country.locale,
            "created": iso(created),
            "location": {**location, "country": country.name, "timezone": country.timezone},
            "properties": {},
        }

    def _messages(
        self, profile: str, seen: Impression, created: int, person: Person, wanted: bool
    ) -> tuple[int | None, bool]:
        """Sends the weekly campaigns. Gives the moment of the last event and whether they unsubscribed by it."""
        dice, until, last = self.dice, self.chunk.until, None
        if not wanted:
            return None, False
        opens = 0.12 + 0.1 * min(4.0, person.activity)
        for number, campaign in enumerate(commerce.CAMPAIGNS):
            at = campaign_moment(until, number) + dice.between(0, 5400)
            if at < created or dice.chance(0.35):
                continue
            last = self.event(profile, "Received Email", at, campaign)
            roll = dice.random()
            if roll < opens:
                last = self.event(profile, "Opened Email", at + dice.between(60, 60_000), campaign)
                if roll < opens * 0.2:
                    last = self.event(profile, "Clicked Email", last + dice.between(5, 600), campaign)
            elif roll > 0.988:
                self.event(profile, "Bounced Email", at + 5, campaign)
            elif roll > 0.982:
                return self.event(
                    profile, "Unsubscribed from Email Marketing", at + dice.between(60, 9000), campaign
                ), True
        return last, False

    def event(self, profile: str, metric: str, at: int, campaign: tuple[str, str]) -> int:
        key, (name, subject) = self.dice.token(11), campaign
        number = commerce.CAMPAIGNS.index(campaign)
        url = (
            f',"URL":"https://www.fernhill.io/news/{number}?utm_source=klaviyo&utm_medium=email"'
            if metric == "Clicked Email"
            else ""
        )
        line = (
            f'{{"type":"event","id":"{key}","attributes":{{"timestamp":{at},"datetime":"{iso(at)}","uuid":"{self.dice.uuid()}",'
            f'"event_properties":{{"Subject":"{subject}","Campaign Name":"{name}",'
            f'"$message":"01MSG{number:03d}"{url}}}}},'
            f'"relationships":{{"profile":{{"data":{{"type":"profile","id":"{profile}"}}}},"metric":{{"data":{{"type":"metric","id":"{METRICS[metric]}"}}}}}}}}'
        )
        self.chunk.delivery.event("klaviyo", "events", at, line)
        return min(at, self.chunk.until - 60)


def _profile(key: str, known: dict, seen: Impression, at: int, consent: str, last: int | None) -> dict:
    marketing = {
        "consent": consent,
        "consent_timestamp": known["created"] if consent != "NEVER_SUBSCRIBED" else None,
        "method": "FORM",
        "can_receive_email_marketing": consent == "SUBSCRIBED",
    }
    attributes = {
        **known,
        "email": seen.email or None,
        "phone_number": seen.phone or None,
        "first_name": seen.given or None,
        "last_name": seen.family or None,
        "updated": iso(at),
        "last_event_date": iso(last) if last else None,
        "subscriptions": {"email": {"marketing": marketing}, "sms": {"marketing": NO_SMS}},
    }
    return {"type": "profile", "id": key, "attributes": attributes, "updated": iso(at)}


def campaign_moment(until: int, number: int) -> int:
    """When a campaign left: the newest 26 hours before the end, the others a week apart."""
    return until - 26 * 3600 - (len(commerce.CAMPAIGNS) - 1 - number) * 7 * DAY
