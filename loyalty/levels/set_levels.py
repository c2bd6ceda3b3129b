"""An owner or manager replaces the table of levels (docs/rules.md#levels)."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.errors import ConfigurationInvalid, ProductUnavailable
from loyalty.base.values import StaffActor, SystemActor
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import database_now
from loyalty.events.people import LevelsSetDetails
from loyalty.levels.limits import NewLevel, NewLevelTable, check, moved
from loyalty.levels.owners_levels import COLUMNS, kept_levels, stored_gift
from loyalty.levels.reading import LevelTableReading, check_reading
from loyalty.log.lines import write_line
from loyalty.models import Bonus, Customer, Level, Product, Program, Settings
from loyalty.programs.freeze_gifts import voucher
from loyalty.switches import Reward

# Beyond any threshold: rows step aside to there while they change places with each other.
_ASIDE = 2**60


@retry_once
def set_levels(
    wanted: NewLevelTable,
    *,
    actor: StaffActor | SystemActor,
    reading: LevelTableReading | None = None,
) -> NewLevelTable:
    """The level table as it is now kept, with ids and gifts named; the same again changes nothing.

    `reading` is what anybody who asks had before them; None is for our own commands, which show
    nothing. A table that was changed meanwhile stays (VersionConflict), and a table is emptied
    only on purpose (InvalidInput).

    A level is the one that it was by its id, or else by its name, and keeps its holders and its
    bonuses; anybody who held one that goes holds the next lower one that stays. Raises
    ConfigurationInvalid or ProductUnavailable.
    """
    access.require(actor, Permission.SET_LEVELS)
    check(wanted)
    with transaction.atomic():
        # The business's one settings row: changes of the level table come one after the other.
        Settings.objects.select_for_update().get()
        now = database_now()
        before = kept_levels()
        after = _settled(wanted, before)
        ids = [level.id for level in before.levels if level.id is not None]
        level_status = moved(ids, [level.id for level in after.levels])
        if after == before:
            return before
        if reading is not None:
            # Behind the lock: of two tabs that read the same table the second is refused.
            check_reading(reading, before=before, after=after)
        # Customers first, then levels, as a collect does that raises a level's bonus: it holds its
        # customer when it refers to the level.
        _move_customers(level_status)
        _write_levels(after.levels)
        Settings.objects.update(**{to: getattr(after, name) for name, to in COLUMNS.items()})
        kept = kept_levels()
        _log(kept, level_status, actor=actor, now=now)
    return kept


def _log(
    kept: NewLevelTable,
    level_status: Sequence[int],
    *,
    actor: StaffActor | SystemActor,
    now: datetime,
) -> None:
    write_line(
        LevelsSetDetails(tuple(level_status)),
        at=now,
        staff_id=actor.id,
        policy=asdict(kept),
    )


def _settled(wanted: NewLevelTable, before: NewLevelTable) -> NewLevelTable:
    named = {level.id for level in wanted.levels}
    by_name = {each.name.casefold(): each.id for each in before.levels if each.id not in named}
    currencies = set(Program.objects.values_list("currency", flat=True))
    levels = tuple(
        NewLevel(
            name=level.name.strip(),
            threshold=level.threshold,
            percent=level.percent,
            benefit=level.benefit.strip(),
            gift=_frozen(level.gift, currencies, field=f"levels[{number}].gift"),
            id=level.id or by_name.get(level.name.strip().casefold()),
        )
        for number, level in enumerate(wanted.levels)
    )
    return replace(wanted, levels=levels)


def _frozen(gift: Reward | None, currencies: set[str], *, field: str) -> Reward | None:
    if gift is None:
        return None
    if gift.amount is not None and len(currencies) != 1:
        # The bonus may lie on a card of any program: so many of which currency?
        raise ConfigurationInvalid(details={"field": f"{field}.amount", "reason": "currency"})
    if gift.is_voucher:
        return voucher(gift, currency=next(iter(currencies), ""))
    found = Product.objects.filter(pk=gift.product_id or 0, is_archived=False).first()
    if found is None:
        raise ProductUnavailable(details={"field": f"{field}.product_id"})
    return replace(gift, title=found.name, worth=found.price or 0)


def _move_customers(level_status: Sequence[int]) -> None:
    changed = [level_index for level_index, now in enumerate(level_status) if level_index != now]
    if not changed:
        return
    steps = [
        When(level_rung=level_index, then=Value(level_status[level_index]))
        for level_index in changed
    ]
    Customer.objects.filter(level_rung__in=changed).update(level_rung=Case(*steps))


def _write_levels(levels: Sequence[NewLevel]) -> None:
    # A collect that refers to a level just now is waited for; one that comes later waits, and
    # starts again when the level is gone.
    list(Level.objects.select_for_update().order_by("threshold"))
    kept = [level.id for level in levels if level.id is not None]
    gone = Level.objects.exclude(pk__in=kept)
    # What was given stays given; only the level that it came from is no more.
    Bonus.objects.filter(level__in=gone).update(level=None)
    gone.delete()
    Level.objects.update(threshold=F("threshold") + _ASIDE)
    for level in levels:
        facts: dict[str, Any] = {
            "name": level.name,
            "threshold": level.threshold,
            "percent": level.percent,
            "benefit": level.benefit,
            "gift": stored_gift(level.gift),
        }
        if level.id is None:
            Level.objects.create(**facts)
        else:
            Level.objects.filter(pk=level.id).update(**facts)
