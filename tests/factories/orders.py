"""Deeds of one customer and their business, played in every order that can be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from loyalty.base.values import Role
from loyalty.expiry.expire import expire
from loyalty.models import Bonus, Card, EarnSession, Product, Program, ProgramBudget
from loyalty.redeeming.cancel_redemption import cancel_redemption
from loyalty.redeeming.decide_redemption import RedemptionVerdict, decide_redemption
from loyalty.redeeming.preview_redemption import RedemptionSelector
from loyalty.redeeming.request_bonus import BonusRequest, request_bonus
from loyalty.undoing.void_session import void_session
from tests.factories.people import as_customer, as_staff, place
from tests.factories.undoing import IP, KEY, WITH, refund, sold, stands

MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Deed:
    """`name` says which; it can only come `after` others."""

    name: str
    do: Callable[["Life"], bool]
    after: tuple[str, ...] = ()


@dataclass
class Life:
    """What deeds remember of each other: sessions by sale, redemptions by bonus."""

    now: datetime
    sessions: dict[str, int] = field(default_factory=dict)
    redemptions: dict[str, int] = field(default_factory=dict)

    def clock(self, at: datetime) -> None:
        """It is this late, or as late as it was."""
        self.now = max(at, self.now + MOMENT)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE public.test_clock SET frozen = %s", [self.now])


def sell(
    number: int,
    program: Program,
    entered: dict[str, Any],
    *,
    at: datetime,
    after: Sequence[str] = (),
) -> Deed:
    """The sale of this number at its own moment, whatever comes before it."""
    return replace(sell_to(WITH, number, program, entered, at=at), after=tuple(after))


def sell_to(
    email: str, number: int, program: Program, entered: dict[str, Any], *, at: datetime
) -> Deed:
    """The same to this address, before or after any other."""

    def do(life: Life) -> bool:
        life.clock(at)
        life.sessions[f"sell {number}"] = sold(email, program, entered)
        return True

    return Deed(f"sell {number}", do)


def undo(number: int) -> Deed:
    """A manager takes the sale of this number back."""

    def do(life: Life) -> bool:
        life.clock(life.now)
        session = life.sessions[f"sell {number}"]
        void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")
        return True

    return Deed(f"undo {number}", do, (f"sell {number}",))


def undo_imported() -> Deed:
    """A manager takes the latest imported visit back."""

    def do(life: Life) -> bool:
        life.clock(life.now)
        imported = EarnSession.objects.filter(import_key__isnull=False)
        session = imported.latest("collected_at").pk
        void_session(session, actor=as_staff(Role.MANAGER), reason="a mistake")
        return True

    return Deed("undo import", do)


def give(name: str, *after: str, **which: Any) -> Deed:
    """Staff give such a bonus; there has to be one."""

    def do(life: Life) -> bool:
        life.clock(life.now)
        live = _asked(which)
        if live is None:
            return False
        where = place().location_id
        decide_redemption(
            RedemptionSelector(token=live.token),
            RedemptionVerdict.CONFIRMED,
            location_id=where,
            actor=as_staff(),
            ip=IP,
        )
        life.redemptions[name] = live.id
        return True

    return Deed(f"give {name}", do, after)


def back(name: str) -> Deed:
    """A manager puts that bonus back."""

    def do(life: Life) -> bool:
        life.clock(life.now)
        return refund(life.redemptions[name]) == "refunded"

    return Deed(f"refund {name}", do, (f"give {name}",))


def think_better(**which: Any) -> Deed:
    """The customer asks for such a bonus and cancels; there has to be one."""

    def do(life: Life) -> bool:
        life.clock(life.now)
        live = _asked(which)
        if live is None:
            return False
        cancel_redemption(live.id, actor=as_customer(WITH), token_key=KEY)
        return True

    return Deed("cancel", do)


def sweep(*, at: datetime, after: Sequence[str] = ()) -> Deed:
    """The daily round."""

    def do(life: Life) -> bool:
        life.clock(at)
        for card in Card.objects.values_list("pk", flat=True):
            expire(card)
        return True

    return Deed("sweep", do, tuple(after))


def ends(
    deeds: Sequence[Deed], life: Life, look: Callable[[], Any] | None = None
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every order in which all deeds can be done, and how it looks after it.

    Where the customer stands, unless one looks at something else.
    """
    yield from _ends(deeds, life, (), look or level_status)


def _ends(
    deeds: Sequence[Deed], life: Life, done: tuple[str, ...], look: Callable[[], Any]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    left = [deed for deed in deeds if deed.name not in done]
    if not left:
        yield done, look()
        return
    for deed in left:
        if not all(name in done for name in deed.after):
            continue
        before = Life(life.now, dict(life.sessions), dict(life.redemptions))
        with transaction.atomic():
            if deed.do(life):
                yield from _ends(deeds, life, (*done, deed.name), look)
            transaction.set_rollback(True)
        life = before
        life.clock(life.now - MOMENT)


def level_status() -> dict[str, Any]:
    """Where the customer stands, and what the programs have paid."""
    found = {
        name: (*each[:1], *_bonuses(each[1]), *each[2:]) if name != "standing" else each
        for name, each in stands(WITH).items()
    }
    paid = ProgramBudget.objects.order_by("program_id").values_list("bonuses", "worth")
    return {**found, "paid": list(paid)}


def _bonuses(kept: list[tuple[Any, ...]]) -> tuple[list[Any], list[Any]]:
    # Which of like bonuses is the used one, and so which end the other keeps, nobody can tell.
    alike = sorted((*each[:3], each[4]) for each in kept)
    return alike, sorted((*each[:2], each[4], each[3]) for each in kept)


def _asked(which: dict[str, Any]) -> Any:
    waiting = Bonus.objects.filter(status="waiting", card__customer__email=WITH, **which)
    bonus = waiting.order_by("id").first()
    if bonus is None:
        return None
    wanted = BonusRequest(bonus.card_id, bonus.pk, _product(bonus))
    return request_bonus(wanted, actor=as_customer(WITH), token_key=KEY)


def _product(bonus: Bonus) -> int | None:
    if bonus.source != "card" or bonus.tier_id is None:
        return None
    return Product.objects.filter(tier=bonus.tier_id).order_by("pk")[0].pk
