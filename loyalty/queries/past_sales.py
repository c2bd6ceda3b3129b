"""All collected sales of one customer, as the rules see them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from loyalty.events import EventKind
from loyalty.models import Card, Customer, EarnSession, Event, LedgerEntry
from loyalty.queries.card_facts import closed_days_of
from loyalty.queries.levels import levels_ask, levels_of
from loyalty.queries.mechanics import stored_mechanic
from loyalty.rules.birthday import Birthday
from loyalty.rules.history import Known, PastSale
from loyalty.rules.levels import Standing
from loyalty.rules.occasions import card_gift
from loyalty.rules.visit import Visit
from loyalty.switches import Gift, from_stored
from loyalty.trip import trip
from loyalty.values import Mode

Units = dict[int | None, int]


def past_sales(customer_id: int) -> list[PastSale]:
    """The customer's sales that were not taken back, in the order of their ids."""
    units = _units(customer_id)
    cards = dict(Card.objects.filter(customer_id=customer_id).values_list("program_id", "id"))
    found = EarnSession.objects.filter(customer_id=customer_id, status="collected")
    found = found.select_related("judged_by__product", "version__product", "location", "program")
    return [
        PastSale(
            session_id=each.pk,
            card_id=cards[each.program_id],
            program_id=each.program_id,
            points=each.points,
            visit=_visit(each, units[each.pk]),
            card_gift=_card_gift(each),
        )
        for each in found.order_by("pk")
    ]


def ladder_is_newer(sales: Sequence[PastSale]) -> bool:
    """True when an owner changed the levels after some of these sales."""
    changed = Event.objects.filter(kind=EventKind.LEVELS_SET).order_by("-at")
    at = changed.values_list("at", flat=True).first()
    return at is not None and any(sale.visit.at <= at for sale in sales)


def known_of(customer: Customer) -> Known:
    """What holds for all of the customer's sales."""
    rows = levels_ask()
    trip(rows)
    levels = levels_of(tuple(rows.rows))
    month, day = customer.birth_month, customer.birth_day
    birthday = Birthday(month, day, customer.birthday_counts_from) if month and day else None
    return Known(
        birthday=birthday,
        standing=standing_of(customer),
        ladder=levels.ladder,
        level_gifts=dict(levels.gifts),
        is_new=not _has_others(customer),
    )


def standing_of(customer: Customer) -> Standing:
    """The standing that the customer's row keeps."""
    rises = tuple(datetime.fromisoformat(each) for each in customer.level_rises)
    held, trusted = customer.level_held_at, customer.level_trusted_at
    return Standing(customer.level_rung, rises, held, trusted)


def _has_others(customer: Customer) -> bool:
    # Another address of the same mailbox was here first.
    if customer.person is None:
        return False
    others = EarnSession.objects.filter(customer__person=customer.person, status="collected")
    own = EarnSession.objects.filter(customer=customer, status="collected")
    first = own.order_by("collected_at").values_list("collected_at", flat=True).first()
    others = others.exclude(customer=customer)
    return others.filter(collected_at__lt=first).exists() if first else others.exists()


def _units(customer_id: int) -> defaultdict[int, Units]:
    found: defaultdict[int, Units] = defaultdict(dict)
    entries = LedgerEntry.objects.filter(
        kind="earn", session__customer_id=customer_id, session__status="collected"
    )
    for session_id, tier_id, units in entries.values_list("session_id", "tier_id", "units"):
        if session_id is not None:
            found[session_id][tier_id] = units
    return found


def _card_gift(session: EarnSession) -> Gift:
    version = session.judged_by or session.version
    given = version.product
    product = Gift(given.pk, title=given.name, worth=given.price or 0) if given else None
    menu, mode = session.program.name, Mode(version.mode)
    return card_gift(from_stored(version.switches), mode, menu=menu, product=product)


def _visit(session: EarnSession, units: Units) -> Visit:
    version = session.judged_by or session.version
    if session.collected_at is None:
        raise ValueError("This session was not collected.")
    return Visit(
        at=session.collected_at,
        zone=session.location.time_zone,
        units=units,
        mechanic=stored_mechanic(version),
        switches=from_stored(version.switches),
        closed=closed_days_of(session.location.opening_hours),
    )
