"""What became of a session, and under which numbers: values without words, for managers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.events import EventKind
from loyalty.base.states import SessionStatus
from loyalty.base.values import Actor, Mechanic
from loyalty.cards.gifts import ShownBonus, gifts
from loyalty.db.roundtrip import database_now
from loyalty.events.refusals import NO_REFUSAL, RefusedDetails
from loyalty.events.registry import details_of
from loyalty.events.sales import CollectedDetails, VoidedDetails
from loyalty.explaining.line_moves import NOT_MOVED, EntriesByLine, UnitMoves
from loyalty.explaining.taken_back import UndoStory, taken_back
from loyalty.explaining.untrimmed import UntrimmedSale, untrimmed_sales, untrimmed_sales_for
from loyalty.models import Bonus, EarnSession, Event, Level, StaffMember
from loyalty.programs.mechanics import stored_mechanic
from loyalty.programs.unit_kind import counts_money

_FOLLOWED = (EventKind.QUEUED, EventKind.REFUSED, EventKind.VOIDED)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One thing that happened to it; `by` is the role of the person who did it.

    Each unit counted so many `times`. `reason` is what they wrote of an undo, `refusal` what the
    sentence of a refusal needs.
    """

    kind: EventKind
    at: datetime
    by: str | None = None
    units: int = 0
    times: int = 1
    moved: UnitMoves = NOT_MOVED
    points: int = 0
    level: str | None = None
    is_level_held: bool = False
    taken_back: UndoStory | None = None
    code: str = ""
    reason: str = ""
    refusal: RefusedDetails = NO_REFUSAL


@dataclass(frozen=True, slots=True)
class SessionStory:
    """A session from its tap on; amounts in minor units.

    `untrimmed` are the units before the scan's ceiling, None where that trimmed nothing. `promised`
    is the number of the version that the card kept, None where it was the session's own, and
    `promised_up` the units by that one where a scan does not fill so many cards. `now` is
    when it was read.
    """

    now: datetime
    minted_at: datetime
    expires_at: datetime
    is_over: bool
    by: str | None
    location: str
    zone: str
    program: str
    currency: str
    counts_money: bool
    mechanic: Mechanic
    version: int
    preset: str | None
    device: str | None
    amount: int | None
    units: int
    points: int
    policy: Mapping[str, Any]
    untrimmed: int | None = None
    promised: int | None = None
    promised_up: int | None = None
    gifts: tuple[ShownBonus, ...] = ()
    lines: tuple[SessionLine, ...] = ()


def session_stories(numbers: Collection[int], *, actor: Actor) -> dict[int, SessionStory]:
    """The stories by session, in as many statements for a hundred of them as for one."""
    access.require(actor, Permission.READ_ANY_SESSION)
    now = database_now()
    rows = EarnSession.objects.select_related(
        "location", "staff", "program", "version", "preset", "device", "judged_by"
    )
    sessions = list(rows.filter(pk__in=numbers))
    known = _StoryNames(sessions, now)
    return {session.pk: known.story(session) for session in sessions}


class _StoryNames:
    """Everything that the stories name, each kind of thing read once."""

    def __init__(self, sessions: Sequence[EarnSession], now: datetime) -> None:
        self.now = now
        self.events = _events(sessions)
        every = [event for found in self.events.values() for event in found]
        staff = StaffMember.objects.filter(pk__in={event.staff_id for event in every})
        self.roles = dict(staff.values_list("pk", "role"))
        self.levels = dict(Level.objects.values_list("pk", "name")) if every else {}
        self.gifts = _gifts(sessions)
        self.taken_back = taken_back(every)
        self.moves = EntriesByLine(every)
        taps = [UntrimmedSale(each, each.version, each.units) for each in sessions]
        self.untrimmed = untrimmed_sales(taps)
        kept = _kept(sessions)
        gave = {
            each.session_id or 0: each.units or 0
            for each in every
            if each.kind == EventKind.COLLECTED and each.session_id in kept
        }
        self.collected_up = untrimmed_sales_for(gave)

    def story(self, session: EarnSession) -> SessionStory:
        version, events = session.version, self.events.get(session.pk, [])
        promise = session.judged_by
        kept = promise.number if promise and promise.pk != version.pk else None
        return SessionStory(
            now=self.now,
            minted_at=session.created_at,
            expires_at=session.expires_at,
            is_over=session.status == SessionStatus.OPEN and self.now >= session.expires_at,
            by=session.staff.role if session.staff else None,
            location=session.location.name,
            zone=session.location.time_zone,
            program=session.program.name,
            currency=session.program.currency,
            counts_money=counts_money(version),
            mechanic=stored_mechanic(version),
            version=version.number,
            preset=session.preset.name if session.preset else None,
            device=session.device.name if session.device else None,
            amount=session.amount,
            units=session.units,
            points=session.points,
            policy=session.policy,
            untrimmed=self.untrimmed.get(session.pk),
            promised=kept,
            promised_up=self.collected_up.get(session.pk),
            gifts=tuple(self.gifts.get(session.pk, ())),
            lines=tuple(self._line(each) for each in events),
        )

    def _line(self, event: Event) -> SessionLine:
        details = details_of(event.kind, event.details)
        sale = details if isinstance(details, CollectedDetails) else None
        return SessionLine(
            kind=EventKind(event.kind),
            at=event.at,
            by=self.roles.get(event.staff_id or 0),
            units=event.units or 0,
            times=sale.times if sale else 1,
            moved=self.moves.moved(event),
            points=event.points or 0,
            level=self.levels.get(details.level_id or 0),
            is_level_held=sale is not None and sale.is_new_hold,
            taken_back=self.taken_back.get(event.pk),
            code=event.code,
            reason=details.reason if isinstance(details, VoidedDetails) else "",
            refusal=details if isinstance(details, RefusedDetails) else NO_REFUSAL,
        )


def _kept(sessions: Sequence[EarnSession]) -> set[int]:
    # Those that counted by the version that their card had promised, not by their own.
    return {each.pk for each in sessions if each.judged_by_id not in {None, each.version_id}}


def _events(sessions: Sequence[EarnSession]) -> dict[int, list[Event]]:
    numbers = [session.pk for session in sessions]
    # Each part of the condition has an index of its own.
    found = Event.objects.filter(
        Q(kind__in=_FOLLOWED, session_id__in=numbers)
        | Q(kind=EventKind.COLLECTED, session_id__in=numbers)
    )
    by_session: dict[int, list[Event]] = defaultdict(list)
    for event in found.order_by("id"):
        by_session[event.session_id or 0].append(event)
    return dict(by_session)


def _gifts(sessions: Sequence[EarnSession]) -> dict[int, list[ShownBonus]]:
    found: dict[int, list[ShownBonus]] = defaultdict(list)
    rows = list(Bonus.objects.filter(session__in=sessions).order_by("id"))
    named = gifts(rows)
    for bonus in rows:
        found[bonus.session_id or 0].append(named[bonus.pk])
    return dict(found)
