"""`voidSession`: staff take a sale back."""

from typing import Annotated, TypeAlias

import strawberry

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import Refusal
from graphql_api.mutations.answered import answered
from graphql_api.types.session_update import SessionUpdate, session_update
from loyalty.base.access import Permission
from loyalty.undoing import void_session as take_back


@strawberry.input(description="The session to take back, and why.")
class VoidSessionInput:
    """A session and a reason."""

    session_id: strawberry.ID = strawberry.field(description="The session that is taken back.")
    reason: str | None = strawberry.field(
        default=None, description="Why, for the log; managers must say it for others' sessions."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Not needed: taking it back again gives the same answer."
    )


VoidSessionResult: TypeAlias = Annotated[
    SessionUpdate | Refusal,
    strawberry.union("VoidSessionResult", description="The session's state, or why not."),
]


def void_session(info: Info, input: VoidSessionInput) -> VoidSessionResult:  # noqa: A002  the API's word
    """Staff undo their own session within ten minutes, managers any with a reason."""

    def work(context: Context) -> SessionUpdate:
        actor = context.staff(Permission.VOID)
        number = ids.number(input.session_id, "EarnSession", field="sessionId")
        found = take_back(number, actor=actor, reason=input.reason)
        return session_update(number, found.state)

    return answered(info, input, work, about="sessionId")
