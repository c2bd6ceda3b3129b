"""Takes back and gives the bonuses in which two histories differ."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from loyalty.base import exempt
from loyalty.base.states import BonusSource, BonusStatus
from loyalty.cards.bonus_rows import present_values
from loyalty.db.ids import new_ids
from loyalty.history.replay import CardHistory, RaisedBonus
from loyalty.models import Bonus, Card, EarnSession, Level, ProgramBudget


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
        Bonus.objects.filter(pk=bonus.pk).update(status=BonusStatus.VOID, counted_in_budget=False)
        self.gone.append(bonus)

    def keep(self, raised: RaisedBonus) -> None:
        """Leave it given: somebody has used it."""
        self.used.append(raised)
        named = [bonus.pk for bonus in self.kept]
        found = (
            _same(raised)
            .filter(status=BonusStatus.USED)
            .exclude(pk__in=named)
            .order_by("-id")
            .first()
        )
        self.kept += [found] if found else []


@exempt.asked_already("part of undos and refunds")
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
    numbers = new_ids(now, len(missing))
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
        kept = list(_same(raised[0]).exclude(status=BonusStatus.VOID).order_by("earned_at", "id"))
        # Those too many were used before they lost their sale: what stays are the others.
        for bonus in [each for each in kept if each.status == BonusStatus.USED][
            : len(kept) - len(raised)
        ]:
            kept.remove(bonus)
        for bonus, each in zip(kept, raised, strict=False):
            _move(bonus, each, now=now)


def _is_there(raised: RaisedBonus) -> bool:
    # What was given for an occasion and used, by now or before, is not given for it again.
    return (
        bool(raised.earned_reward.occasion)
        and _same(raised).exclude(status=BonusStatus.VOID).exists()
    )


def _pays(raised: RaisedBonus) -> bool:
    # A streak bonus that was used and lost its visits is paid for by the next one.
    if raised.earned_reward.source != BonusSource.STREAK:
        return False
    owing = Card.objects.filter(pk=raised.card_id, streaks_owed__gt=0)
    return bool(owing.update(streaks_owed=F("streaks_owed") - 1))


def _birthdays_of(session_id: int | None, after: CardHistory) -> list[Bonus]:
    kept = {each.earned_reward.occasion for each in after.raised if each.earned_reward.occasion}
    own = Bonus.objects.filter(session_id=session_id or 0, source=BonusSource.BIRTHDAY)
    return list(
        own.filter(status__in=[BonusStatus.WAITING, BonusStatus.EXPIRED]).exclude(occasion__in=kept)
    )


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
    was_over = bonus.status == BonusStatus.EXPIRED and not is_over
    Bonus.objects.filter(pk=bonus.pk).update(
        status=BonusStatus.WAITING if was_over else bonus.status,
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
    waiting = same.filter(status=BonusStatus.WAITING).order_by("-id").first()
    return waiting or same.filter(status=BonusStatus.EXPIRED).order_by("-id").first()


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


@exempt.asked_already("part of undos, refunds and late scans")
def raise_bonus(raised: RaisedBonus, *, number: int, is_over: bool = False) -> Bonus:
    """The waiting bonus, or the expired one; for the caller's transaction and locks.

    The program's budget counts it where it has room, unless it `is_over` already.
    """
    session = EarnSession.objects.filter(pk=raised.session_id or 0).first()
    card = Card.objects.select_related("customer").get(pk=raised.card_id)
    person = card.customer.whose if card.customer else None
    version = (session.judged_by_id or session.version_id) if session else card.promise_id
    values = present_values(raised.earned_reward, person=person)
    # The level that it is for may be no more; what it was given for says so still.
    level = Level.objects.filter(pk=raised.earned_reward.level_id or 0).first()
    return Bonus.objects.create(
        id=number,
        card=card,
        version_id=version,
        session=session,
        status=BonusStatus.EXPIRED if is_over else BonusStatus.WAITING,
        earned_at=raised.at,
        expires_at=raised.expires_at,
        counted_in_budget=not is_over and count_in_budget(raised, program_id=card.program_id),
        **{**values, "level_id": level.pk if level else None},
    )


def count_in_budget(raised: RaisedBonus, *, program_id: int) -> bool:
    """True when the program's budget had room for it, and counts it from now on."""
    if not raised.earned_reward.is_of_program or _is_imported(raised.session_id):
        return False
    worth = raised.earned_reward.gift.worth
    # One statement, behind the row's lock: others use the budget up at the same moment.
    has_room = ProgramBudget.objects.filter(
        Q(most_bonuses=None) | Q(most_bonuses__gt=F("bonuses")),
        Q(most_worth=None) | Q(most_worth__gte=F("worth") + worth),
        program_id=program_id,
    )
    return bool(has_room.update(bonuses=F("bonuses") + 1, worth=F("worth") + worth))


def give_back(gone: Iterable[Bonus]) -> None:
    """Let the budgets have what was counted for them."""
    for bonus in gone:
        if not _was_counted(bonus):
            continue
        program = Card.objects.filter(pk=bonus.card_id).values("program_id")[:1]
        # Not below nothing: earlier releases gave back more than they had counted.
        ProgramBudget.objects.filter(program_id=program).update(
            bonuses=Greatest(F("bonuses") - 1, 0), worth=Greatest(F("worth") - bonus.worth, 0)
        )


def _was_counted(bonus: Bonus) -> bool:
    if bonus.counted_in_budget is not None:
        return bonus.counted_in_budget
    # Of an earlier release, which counted all but these.
    return bonus.source != BonusSource.LEVEL and not _is_imported(bonus.session_id)


def _is_imported(session_id: int | None) -> bool:
    found = EarnSession.objects.filter(pk=session_id or 0, import_key__isnull=False)
    return found.exists()
