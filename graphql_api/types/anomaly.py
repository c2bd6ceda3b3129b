"""The review list: what was remarkable, with its evidence."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import strawberry

from graphql_api.described import described
from graphql_api.ids import global_id
from graphql_api.queries.connections import Page, Size
from graphql_api.types.device import Device, device
from graphql_api.types.node import Node
from graphql_api.types.people import StaffMember, staff_member
from graphql_api.types.place import Location, location
from graphql_api.types.session import EarnSession, sessions
from loyalty import models
from loyalty.base.states import FindingKind
from loyalty.base.values import Actor, Role
from loyalty.devices import devices
from loyalty.reviewing import ReviewOutcome, review_outcomes
from loyalty.sessions import live_sessions
from loyalty.wording import finding_text, outcome_text

described(
    "What is remarkable about a finding.",
    {
        "OFTEN": "One card was credited by one staff member too often within a day.",
        "BURST": "A card was credited several times right before one of its bonuses was given.",
        "HOURS": "Sales were collected outside the location's opening hours.",
        "VOLUME": "One staff member made more codes in an hour than usual; told once a day.",
        "PIN_CLOSED": "PIN entry was closed after wrong PINs, for a person or a whole program.",
        "LEVEL_HELD": "A customer rose faster than usual: the new level waits for the decision.",
        "OWED": "Sales were taken back after their bonus had been given; it never lapses.",
    },
    name="AnomalyKind",
)(FindingKind)


@described(
    "Where a finding of the review list stands.",
    {
        "OPEN": "A manager has still to decide.",
        "APPROVED": "A manager found it well; a level that was held counts.",
        "VOIDED": "A manager had its sales taken back; a level that was held is not given.",
        "LAPSED": "Nobody decided, because nothing is left of it: its sales were taken back, or"
        " its level is no longer held.",
    },
)
class AnomalyStatus(StrEnum):
    """The states of a finding."""

    OPEN = "open"
    APPROVED = "approved"
    VOIDED = "voided"
    LAPSED = "lapsed"


class Around:
    """What a page of findings names, each kind of thing read once and when first asked for."""

    def __init__(self, rows: Sequence[models.Anomaly], *, actor: Actor) -> None:
        self._rows, self._actor = rows, actor
        self._sessions: dict[int, dict[int, EarnSession]] = {}

    @cached_property
    def staff(self) -> dict[int, StaffMember]:
        """The staff members by their number."""
        numbers = {n for row in self._rows for n in (row.staff_id, row.decided_by) if n}
        rows = models.StaffMember.objects.filter(pk__in=numbers)
        return {row.pk: staff_member(row.pk, name=row.name, role=Role(row.role)) for row in rows}

    @cached_property
    def locations(self) -> dict[int, Location]:
        """The locations by their number."""
        numbers = {row.location_id for row in self._rows if row.location_id}
        return {row.pk: location(row) for row in models.Location.objects.filter(pk__in=numbers)}

    @cached_property
    def devices(self) -> dict[int, Device]:
        """The devices by their number."""
        numbers = {row.device_id for row in self._rows if row.device_id}
        if not numbers:
            return {}
        rows = devices(with_revoked=True, actor=self._actor).filter(pk__in=numbers)
        return {row.pk: device(row) for row in rows}

    @cached_property
    def outcomes(self) -> dict[int, ReviewOutcome]:
        """What the decisions came to, by finding."""
        return review_outcomes(self._rows, actor=self._actor)

    def sessions(self, first: int) -> dict[int, EarnSession]:
        """The first so many sessions of each finding, by their number."""
        if first not in self._sessions:
            named = {n for row in self._rows for n in row.evidence["sessions"][:first]}
            live = live_sessions(named, actor=self._actor)
            shown = sessions(list(live.values()))
            self._sessions[first] = dict(zip(live, shown, strict=True))
        return self._sessions[first]


@strawberry.type(
    description="Something that a manager should look at; only a held level waits for the decision."
)
class Anomaly(Node):
    """A finding."""

    row: strawberry.Private[models.Anomaly]
    around: strawberry.Private[Around]
    kind: FindingKind = strawberry.field(description="The kind of thing that is remarkable.")
    at: datetime = strawberry.field(description="When it happened last, in UTC.")
    text: str = strawberry.field(
        description="What was found, in a sentence in the caller's language."
    )
    status: AnomalyStatus = strawberry.field(
        description="Where the finding stands: whether a manager has decided, and how."
    )
    version: int = strawberry.field(
        description="Rises when evidence is added: pass it back, to decide about what was shown."
    )
    session_count: int = strawberry.field(
        description="The number of sessions that the evidence names, at most 50."
    )
    card_id: strawberry.ID | None = strawberry.field(
        description="The card that it is about; null where it is about no single card."
    )
    reason: str = strawberry.field(
        description="The reason that the manager gave; empty when none was given, or nothing is "
        "decided."
    )
    decided_at: datetime | None = strawberry.field(
        description="When it was decided or lapsed, in UTC; null while it is open."
    )

    @strawberry.field(
        description="The first sessions of the evidence, in the order of their time; `first` is 1 "
        "to 100."
    )
    def sessions(self, first: Size = 20) -> list[EarnSession]:
        """Read when asked for; raises LIMIT_EXCEEDED outside 1 to 100."""
        size = Page(first, None, None, None).size
        known = self.around.sessions(size)
        return [known[n] for n in self.row.evidence["sessions"][:size] if n in known]

    @strawberry.field(
        description="What the decision came to, in sentences in the caller's language: the level"
        " that was reached, or how many sales were taken back and what went with them; null while"
        " it is open."
    )
    def outcome(self) -> str | None:
        """Read when asked for."""
        found = self.around.outcomes.get(self.row.pk, ReviewOutcome())
        return outcome_text(self.row.status, self.kind, found)

    @strawberry.field(
        description="The staff member that it is about; null where it is about nobody in "
        "particular."
    )
    def staff(self) -> StaffMember | None:
        """Read when asked for."""
        return self.around.staff.get(self.row.staff_id or 0)

    @strawberry.field(
        description="The location that it is about; null where it is about no single one."
    )
    def location(self) -> Location | None:
        """Read when asked for."""
        return self.around.locations.get(self.row.location_id or 0)

    @strawberry.field(description="The counter device that it happened on, if it was one.")
    def device(self) -> Device | None:
        """Read when asked for."""
        return self.around.devices.get(self.row.device_id or 0)

    @strawberry.field(
        description="The manager who decided; null while it is open, and when it lapsed by itself."
    )
    def decided_by(self) -> StaffMember | None:
        """Read when asked for."""
        return self.around.staff.get(self.row.decided_by or 0)


def anomalies(rows: list[models.Anomaly], *, actor: Actor) -> list[Anomaly]:
    """The findings of one page, for who may read them."""
    around = Around(rows, actor=actor)
    return [_anomaly(row, around) for row in rows]


def _anomaly(row: models.Anomaly, around: Around) -> Anomaly:
    kind = FindingKind(row.kind)
    return Anomaly(
        id=strawberry.ID(global_id("Anomaly", row.pk)),
        row=row,
        around=around,
        kind=kind,
        at=row.at,
        text=finding_text(kind, row.evidence),
        status=AnomalyStatus(row.status),
        version=row.version,
        session_count=len(row.evidence["sessions"]),
        card_id=None if row.card_id is None else strawberry.ID(global_id("Card", row.card_id)),
        reason=row.reason,
        decided_at=row.decided_at,
    )
