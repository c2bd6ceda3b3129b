"""A queued session is decided as at its scan, however late its owner signs in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty.base import tokens
from loyalty.base.errors import Refused
from loyalty.earning.collect import collect
from loyalty.models import Bonus, Card, Customer, EarnSession, Event, QueuedSession, SignInLink
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches
from loyalty.waiting.queue_session import QueueAsker, QueuedClaim, queue_session
from loyalty.waiting.sign_in_customer import SignedInCustomer, SignInProof, sign_in_customer
from tests.factories import people
from tests.factories.people import as_customer
from tests.factories.perks import ANN, IP, KEY, Shop, Wanted, shop, sources
from tests.harness.clock import clock_at

pytestmark = pytest.mark.django_db
NEW = "new.person@somewhere.example"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOON = datetime(2027, 6, 1, 10, tzinfo=UTC)


@dataclass
class Later:
    """Scans of somebody who signs in at the end."""

    here: Shop
    email: str = NEW
    claim: str = ""

    def scan(self, at: datetime) -> None:
        """Nobody is signed in: the session waits."""
        clock_at(at)
        stranger = QueueAsker(ip=IP)
        found = queue_session(self.here.token(), typed=self.email, who=stranger, token_key=KEY)
        assert isinstance(found, QueuedClaim)
        self.claim = found.claim

    def sign_in(self, at: datetime) -> SignedInCustomer:
        """A link made by the last scan, followed by the person who scanned."""
        clock_at(at)
        newest = SignInLink.objects.latest("id")
        link = tokens.derive(KEY, bytes(newest.salt), purpose="link")
        return sign_in_customer(
            SignInProof(link_token=link, email=self.email), token_key=KEY, ip=IP
        )


def codes(refused: list[Refused]) -> list[str]:
    return [each.code for each in refused]


def test_the_second_scan_within_the_cooldown_is_refused_days_later() -> None:
    later = Later(shop(wanted=Wanted(preset={"cooldown_minutes": 60})))
    for at in (NOON, NOON + 59 * MINUTE, NOON + 61 * MINUTE):
        later.scan(at)
    found = later.sign_in(NOON + 20 * MINUTE * 60)
    assert [outcome.at.isoformat()[:16] for outcome in found.granted] == [
        "2027-06-01T10:00",
        "2027-06-01T11:01",
    ]
    (refused,) = found.refused
    assert (refused.code, refused.details) == ("COOLDOWN", {"minutes": 60})
    # It consumed nothing: the session still waits, the decision is in the log.
    waiting = QueuedSession.objects.get()
    assert EarnSession.objects.get(pk=waiting.pk).status == "pending"
    line = Event.objects.get(kind="refused")
    assert (line.session_id, line.customer_id, line.code) == (
        waiting.pk,
        found.customer_id,
        "COOLDOWN",
    )
    assert abs(line.at - waiting.scanned_at) < MINUTE


def test_the_day_s_cap_counts_the_day_of_the_scan() -> None:
    later = Later(shop(Switches(daily_cap=1)))
    midnight = datetime(2027, 6, 1, 22, tzinfo=UTC)
    for at in (midnight - 2 * MINUTE, midnight - MINUTE, midnight):
        later.scan(at)
    found = later.sign_in(midnight + MINUTE)
    assert (len(found.granted), codes(found.refused)) == (2, ["DAILY_CAP"])
    assert found.refused[0].retry_at == midnight


def test_streak_days_are_those_of_the_scans() -> None:
    later = Later(shop(Switches(streak=StreakRule(1, 3, Reward(percent=5)))))
    for n in range(3):
        later.scan(NOON + n * DAY)
    granted = later.sign_in(NOON + 2 * DAY + 20 * MINUTE * 60).granted
    streak = granted[-1].card.streak
    assert streak
    assert streak.days == 3
    assert [sources(outcome) for outcome in granted] == [[], [], ["streak"]]
    assert Bonus.objects.get().earned_at - (NOON + 2 * DAY) < MINUTE


@pytest.mark.parametrize(("day", "expected"), [(4, ["birthday"]), (5, [])])
def test_the_birthday_s_window_is_the_scan_s(day: int, expected: list[str]) -> None:
    rule = BirthdayRule(days_before=3, days_after=0, min_past_bonuses=0)
    later = Later(shop(Switches(birthday=rule)), email=ANN)
    Customer.objects.filter(email=ANN).update(birth_month=6, birth_day=day)
    later.scan(NOON)
    (granted,) = later.sign_in(NOON + DAY - MINUTE).granted
    assert sources(granted) == expected


def test_what_is_over_is_judged_at_the_scan() -> None:
    later = Later(shop(Switches(units_expire_after=1), Wanted(threshold=2)), email=ANN)
    clock_at(NOON)
    later.here.visit()
    end = datetime(2027, 7, 1, 22, tzinfo=UTC)
    later.scan(end - MINUTE)
    (granted,) = later.sign_in(end + MINUTE).granted
    assert len(granted.bonuses) == 1


def test_policies_of_the_tap_hold_when_the_units_are_granted() -> None:
    later = Later(shop(wanted=Wanted(preset={"cooldown_minutes": 60})))
    later.scan(NOON)
    later.scan(NOON + 30 * MINUTE)
    later.here.preset.cooldown_minutes = None
    later.here.preset.save()
    found = later.sign_in(NOON + 40 * MINUTE)
    assert (len(found.granted), codes(found.refused)) == (1, ["COOLDOWN"])


def granted_and_signed_in(scan: Callable[[Shop], Any]) -> tuple[Any, ...]:
    """What is left of one scan, but for ids and moments."""
    rules = Switches(
        points=2,
        welcome=Reward(percent=10),
        streak=StreakRule(1, 1, Reward(amount=100)),
        birthday=BirthdayRule(min_past_bonuses=0),
        units_expire_after=3,
        bonus_valid_days=5,
    )
    here = shop(rules, Wanted(threshold=1, preset={"points": 3}))
    outcome = scan(here)
    card = Card.objects.values(
        "visits", "points", "streak_days", "streak_ends_at", "units_end_at", "version"
    )
    bonuses = Bonus.objects.filter(card__program=here.program).order_by("id")
    event = Event.objects.filter(kind="collected").latest("id")
    return (
        outcome.units,
        outcome.points,
        outcome.card.progress,
        outcome.card.streak,
        card.get(program=here.program),
        list(bonuses.values("source", "title", "percent", "amount", "expires_at", "worth")),
        (event.units, event.points, event.policy),
    )


def test_a_queued_scan_gives_what_a_signed_in_one_gives() -> None:
    people.customer("one@somewhere.example")
    people.customer("two@somewhere.example")
    Customer.objects.update(birth_month=6, birth_day=1)

    def signed_in(here: Shop) -> Any:
        clock_at(NOON)
        token = here.token()
        return collect(token, actor=as_customer("one@somewhere.example"), ip=IP)

    def queued(here: Shop) -> Any:
        later = Later(here, email="two@somewhere.example")
        later.scan(NOON)
        return later.sign_in(NOON + 20 * MINUTE * 60).granted[0]

    one, two = granted_and_signed_in(signed_in), granted_and_signed_in(queued)
    assert len(one[5]) == 4
    assert one == two
