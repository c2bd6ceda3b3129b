"""A held rise is approved: the level counts from now on, with the gifts of what was reached."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from loyalty.base import exempt
from loyalty.base.states import SessionStatus
from loyalty.cards.bonus_rows import present_values
from loyalty.counting.activity import later
from loyalty.counting.approval import approved_rise
from loyalty.counting.levels import LevelChange
from loyalty.counting.occasions import bonus_end
from loyalty.counting.sale import level_rewards
from loyalty.db.ids import new_ids
from loyalty.db.roundtrip import send
from loyalty.earning.facts import PersonFacts, person_queries
from loyalty.levels.points import moment
from loyalty.models import Bonus, Card, Customer, EarnSession
from loyalty.switches import from_stored


@dataclass(frozen=True, slots=True)
class ApprovedLevel:
    """The level reached, if any, the card that changed, and the bonuses put on it."""

    level_id: int | None = None
    card_id: int | None = None
    card_version: int | None = None
    bonuses: tuple[int, ...] = ()


@exempt.asked_already("part of a review")
def approve_level(customer_id: int, *, sessions: Collection[int], now: datetime) -> ApprovedLevel:
    """For the caller's transaction, which must not hold a card's lock yet.

    The gifts lie on the card whose scan was held (one of `sessions`), or where those were taken
    back on the one visited last.
    """
    # The customer's row first, then the card's: the order of a collect and of an undo.
    queries = person_queries(customer_id, until=moment(now))
    send(queries.customers, queries.levels, queries.points, queries.occasions)
    facts = queries.found(at=now)
    if facts.customer is None:
        return ApprovedLevel()
    level_table, past = facts.levels.level_table, facts.past
    activity = later(past.latest, past.given, level_table, at=now)
    rise = approved_rise(facts.customer.level_status, activity, level_table, at=now)
    Customer.objects.filter(pk=customer_id).update(
        level_rung=rise.level_status.level_index,
        level_rises=[each.isoformat() for each in rise.level_status.rises],
        level_held_at=None,
        level_trusted_at=now,
    )
    card = _card(customer_id, sessions)
    if card is None or not rise.reached:
        return ApprovedLevel()
    bonuses = _rewards(card, rise, facts, now=now)
    Card.objects.filter(pk=card.pk).update(version=F("version") + 1)
    return ApprovedLevel(rise.reached[-1].id, card.pk, card.version + 1, tuple(bonuses))


def _card(customer_id: int, sessions: Collection[int]) -> Card | None:
    held = EarnSession.objects.filter(
        pk__in=sessions, customer=customer_id, status=SessionStatus.COLLECTED
    )
    program = held.order_by("collected_at").values_list("program_id", flat=True).first()
    own = Card.objects.select_for_update(of=("self",)).select_related("promise")
    own = own.filter(customer_id=customer_id)
    first = own.filter(program_id=program).first() if program else None
    return first or own.order_by("-last_visit_at", "id").first()


def _rewards(card: Card, rise: LevelChange, facts: PersonFacts, *, now: datetime) -> Iterable[int]:
    zone, person = _zone(card), facts.customer.person if facts.customer else None
    found = level_rewards(rise.reached, facts.levels.gift, at=now, zone=zone)
    raised = [
        earned_reward for earned_reward in found if earned_reward.occasion not in facts.occasions
    ]
    numbers = new_ids(now, len(raised))
    switches = from_stored(card.promise.switches)
    for number, earned_reward in zip(numbers, raised, strict=True):
        Bonus.objects.create(
            id=number,
            card=card,
            version=card.promise,
            earned_at=now,
            counted_in_budget=False,
            expires_at=bonus_end(earned_reward.gift, switches, at=now, zone=zone),
            **present_values(earned_reward, person=person),
        )
    return numbers


def _zone(card: Card) -> str:
    # Days end where the customer was last.
    visits = EarnSession.objects.filter(customer=card.customer_id, status=SessionStatus.COLLECTED)
    found = visits.order_by("-collected_at").values_list("location__time_zone", flat=True).first()
    return found or "UTC"
