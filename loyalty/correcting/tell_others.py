"""A customer's other cards that an undo or a refund changed: each gets a line of its own."""

import secrets
from collections.abc import Mapping

from django.db.models import F

from loyalty.base import tokens
from loyalty.base.events import EventKind
from loyalty.correcting.apply_difference import PointsDifference
from loyalty.correcting.move_bonuses import MovedBonuses
from loyalty.history.undone import UndoResult, stored
from loyalty.models import Card, Event


def tell_others(
    changed: Mapping[int, PointsDifference], settled: MovedBonuses, *, cause: Event
) -> None:
    """For the caller's transaction and locks; the cards have a new version."""
    numbers = tokens.ordered_ids(cause.at, len(changed), random=secrets.randbits(21))
    for number, (card_id, points) in zip(numbers, sorted(changed.items()), strict=True):
        cards = Card.objects.filter(pk=card_id)
        cards.update(version=F("version") + 1)
        undone = UndoResult(
            gone=tuple(each.pk for each in settled.gone if each.card_id == card_id),
            new=tuple(each.pk for each in settled.new if each.card_id == card_id),
            points=points.more,
            gained=points.gained,
        )
        Event.objects.create(
            id=number,
            kind=EventKind.RECOUNTED,
            at=cause.at,
            card_id=card_id,
            card_version=cards.values_list("version", flat=True).get(),
            points=points.more,
            details={"because": cause.pk, "undone": stored(undone)},
        )
