"""Keeps why sales were refused: one line of the log an hour, and how often it happened."""

from datetime import datetime, timedelta

from loyalty.base import exempt
from loyalty.base.errors import Refused
from loyalty.base.values import StaffActor
from loyalty.db.roundtrip import Query, transaction
from loyalty.earning.mint_rows import policy
from loyalty.earning.sale_facts import SaleFacts
from loyalty.guards.tallies import count_attempt
from loyalty.log.refusals import refusal_line

HOUR = timedelta(hours=1)


@exempt.asked_already("part of a tap")
def keep_refused_mint(
    facts: SaleFacts, refused: Refused, actor: StaffActor, *, location_id: int, now: datetime
) -> None:
    """Put the first of an hour into the log, and count the next ones beside it.

    By person, place, version and reason: else anybody who taps on would fill the log for ever.
    """
    why = f"refused mint {actor.id} {location_id} {facts.version_id} {refused.code}"
    with transaction() as tx:
        count = count_attempt(why, every=HOUR, now=now, within=tx)
        first = [_line(facts, refused, actor, location_id=location_id, now=now)]
        tx.finish(*(first if count == 1 else []))


def _line(
    facts: SaleFacts, refused: Refused, actor: StaffActor, *, location_id: int, now: datetime
) -> Query[tuple[object, ...]]:
    return refusal_line(
        refused,
        at=now,
        location_id=location_id,
        staff_id=actor.id,
        device_id=actor.device_id,
        preset_id=facts.preset_id,
        version_id=facts.version_id,
        policy=policy(facts),
    )
