"""What the counter hears of a session."""

from datetime import datetime

import strawberry

from graphql_api.ids import global_id
from graphql_api.scalars import UnitCount
from graphql_api.types.session import SessionStatusCode
from loyalty.sessions import SessionState


@strawberry.type(
    description="For the counter. `waitingBonuses` says that this customer has something to"
    " redeem, without saying who it is. Once taken back, what was added stays told, and"
    " `waitingBonuses` are those of now."
)
class SessionUpdate:
    """One message about a session."""

    session_id: strawberry.ID = strawberry.field(description="The session that this is about.")
    status: SessionStatusCode = strawberry.field(
        description="Where the session stands at this moment."
    )
    seconds_left: int = strawberry.field(
        description="The whole seconds until it expires; 0 when it is over."
    )
    units_added: UnitCount | None = strawberry.field(
        description="The units that were added; null until it is collected."
    )
    bonuses_earned: int | None = strawberry.field(
        description="The number of bonuses that it raised; null until it is collected."
    )
    waiting_bonuses: int | None = strawberry.field(
        description="The number of bonuses that wait on the customer's card: right after the"
        " collect, and once the sale was taken back those that wait now; null until it is"
        " collected."
    )
    at: datetime = strawberry.field(description="When this was so, in UTC.")


def session_update(number: int, state: SessionState) -> SessionUpdate:
    """The state of the session of this number."""
    return SessionUpdate(
        session_id=strawberry.ID(global_id("EarnSession", number)),
        status=SessionStatusCode(state.status),
        seconds_left=state.seconds_left,
        units_added=None if state.units is None else UnitCount(state.units),
        bonuses_earned=state.bonuses,
        waiting_bonuses=state.waiting,
        at=state.at,
    )
