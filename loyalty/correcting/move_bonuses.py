"""Takes back and gives the bonuses in which two histories differ."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet

from loyalty.base import tokens
from loyalty.correcting.count_in_budget import give_back
from loyalty.correcting.raise_bonus import raise_bonus
from loyalty.history.replay import CardHistory, RaisedBonus
from loyalty.models import Bonus, Card


@dataclass(slots=True)
class MovedBonuses:
    """Bonuses that were taken back, those that cannot be (used already), and new ones.

    `kept` are the rows of the used ones.
    """

    gone: list[Bonus] = field(default_factory=list)
    used: list[RaisedBonus] = field(default_factory=list)
    kept: list[Bonus] = field(default_factory=list)
    new: list[Bonus] = field(default_factory=list)

    @property
    def cards(self) -> set[int]:
        """The cards that changed."""
        return {bonus.card_id for bonus in (*self.gone, *self.new)}

    def take(self, bonus: Bonus) -> None:
        """Void it; the caller holds its card's lock, so that nobody is using it just now."""
        Bonus.objects.filter(pk=bonus.pk).update(status="void", counted_in_budget=False)
        self.gone.append(bonus)

    def keep(self, raised: RaisedBonus) -> None:
        """Leave it given: somebody has used it."""
        self.used.append(raised)
        named = [bonus.pk for bonus in self.kept]
        found = _same(raised).filter(status="used").exclude(pk__in=named).order_by("-id").first()
        self.kept += [found] if found else []


def move_bonuses(
    before: CardHistory,
    after: CardHistory,
    *,
    now: datetime,
    session_id: int | None = None,
    settled: MovedBonuses | None = None,
) -> MovedBonuses:
    """For the caller's transaction and locks; the programs' budgets follow, and refuse nothing.

    A birthday bonus of the session that goes is taken back whatever the birthday is today. What is
    `settled` already is told, and given back to its budget, with the rest.
    """
    settled = settled or MovedBonuses()
    for raised in _only_in(before, after):
        if bonus := _takeable(raised):
            settled.take(bonus)
        else:
            settled.keep(raised)
    for bonus in _birthdays_of(session_id, after):
        settled.take(bonus)
    # First, so that what comes instead has its room.
    give_back(settled.gone)
    missing = [each for each in _only_in(after, before) if not _is_there(each)]
    missing = [each for each in missing if not _pays(each)]
    numbers = tokens.ordered_ids(now, len(missing), random=secrets.randbits(21))
    for number, raised in zip(numbers, missing, strict=True):
        settled.new.append(raise_bonus(raised, number=number))
    move_times(before, after, now=now)
    return settled


def move_times(before: CardHistory, after: CardHistory, *, now: datetime) -> None:
    """Move what stays to when the second history raised it, where that is another moment."""
    # Without the sale, later ones raised what stays: it was earned then, and ends accordingly.
    kinds = (_by_kind(before), _by_kind(after))
    for key, raised in kinds[1].items():
        if _times(raised) == _times(kinds[0][key]):
            continue
        kept = list(_same(raised[0]).exclude(status="void").order_by("earned_at", "id"))
        # Those too many were used before they lost their sale: what stays are the others.
        for bonus in [each for each in kept if each.status == "used"][: len(kept) - len(raised)]:
            kept.remove(bonus)
        for bonus, each in zip(kept, raised, strict=False):
            _move(bonus, each, now=now)


def _is_there(raised: RaisedBonus) -> bool:
    # What was given for an occasion and used, by now or before, is not given for it again.
    return bool(raised.earned_reward.occasion) and _same(raised).exclude(status="void").exists()


def _pays(raised: RaisedBonus) -> bool:
    # A streak bonus that was used and lost its visits is paid for by the next one.
    if raised.earned_reward.source != "streak":
        return False
    owing = Card.objects.filter(pk=raised.card_id, streaks_owed__gt=0)
    return bool(owing.update(streaks_owed=F("streaks_owed") - 1))


def _birthdays_of(session_id: int | None, after: CardHistory) -> list[Bonus]:
    kept = {each.earned_reward.occasion for each in after.raised if each.earned_reward.occasion}
    own = Bonus.objects.filter(session_id=session_id or 0, source="birthday")
    return list(own.filter(status__in=["waiting", "expired"]).exclude(occasion__in=kept))


def _times(raised: Sequence[RaisedBonus]) -> list[tuple[datetime, datetime | None]]:
    # The end of a gift that came with an approval follows the zone of the last visit before it.
    return [(each.at, each.expires_at) for each in raised]


def _by_kind(history: CardHistory) -> defaultdict[tuple[object, ...], list[RaisedBonus]]:
    found: defaultdict[tuple[object, ...], list[RaisedBonus]] = defaultdict(list)
    for each in sorted(history.raised, key=lambda raised: raised.at):
        found[each.key].append(each)
    return found


def _move(bonus: Bonus, raised: RaisedBonus, *, now: datetime) -> None:
    # A used one is moved too: a refund may give it back.
    is_over = raised.expires_at is not None and raised.expires_at <= now
    was_over = bonus.status == "expired" and not is_over
    Bonus.objects.filter(pk=bonus.pk).update(
        status="waiting" if was_over else bonus.status,
        earned_at=raised.at,
        expires_at=raised.expires_at,
    )


def _only_in(one: CardHistory, other: CardHistory) -> list[RaisedBonus]:
    left = other.count()
    found = []
    for raised in one.raised:
        if left[raised.key] > 0:
            left[raised.key] -= 1
        else:
            found.append(raised)
    return found


def _takeable(raised: RaisedBonus) -> Bonus | None:
    # The newest that waits; then one that expired. A used one cannot be taken back.
    same = _same(raised)
    waiting = same.filter(status="waiting").order_by("-id").first()
    return waiting or same.filter(status="expired").order_by("-id").first()


def _same(raised: RaisedBonus) -> QuerySet[Bonus]:
    earned_reward = raised.earned_reward
    same = Bonus.objects.filter(source=earned_reward.source, occasion=earned_reward.occasion)
    if earned_reward.occasion:
        # A person gets it once: a used one that was given back may lie on another of their cards.
        owner = Card.objects.filter(pk=raised.card_id).values("customer")
        return same.filter(card__customer__in=owner)
    tier = earned_reward.tier_id
    same = same.filter(card=raised.card_id)
    return same.filter(tier_id=tier) if tier else same.filter(tier_id__isnull=True)
