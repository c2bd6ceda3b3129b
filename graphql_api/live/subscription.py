"""`sessionStatus` and `cardChanged`."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, TypeAlias, TypeVar

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import PublicError
from graphql_api.live.follow import Seen, follow
from graphql_api.queries import nodes
from graphql_api.types import redemption as redemptions
from graphql_api.types.card import Card
from graphql_api.types.redemption import RedemptionUpdate
from graphql_api.types.session_update import SessionUpdate, session_update
from loyalty.base.errors import NotFound
from loyalty.base.events import card_topic, redemption_topic, session_topic
from loyalty.base.states import SessionStatus
from loyalty.sessions import session_state
from loyalty.wording import refusal_text

T = TypeVar("T")

SessionId: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="The id of the session to follow.")
]
RedemptionId: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="The id of the redemption to follow.")
]
CardId: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="The id of the card to follow.")
]


@strawberry.type(description="What callers may follow live, over sockets or SSE.")
class Subscription:
    """The root of all streams."""

    @strawberry.subscription(
        description="A session's state: now, and at each change, its expiry included. For its"
        " maker and for managers."
    )
    async def session_status(
        self, info: Info, session_id: SessionId
    ) -> AsyncIterator[SessionUpdate]:
        """Follow one session."""
        number = _number(session_id, "EarnSession")
        context = info.context

        def snapshot() -> Seen[SessionUpdate]:
            live = _readable(lambda: nodes.readable_session(context.renewed(), number))
            state = session_state(live)
            return Seen(session_update(number, state), state.status, state.seconds_until_expiry)

        async for update in follow(session_topic(number), snapshot=snapshot):
            yield update

    @strawberry.subscription(
        description="A redemption's state: now, and at each change, its expiry included. For its"
        " customer, and for staff once somebody looked at it."
    )
    async def redemption_status(
        self, info: Info, redemption_id: RedemptionId
    ) -> AsyncIterator[RedemptionUpdate]:
        """Follow one redemption."""
        number = _number(redemption_id, "Redemption")
        context = info.context

        def snapshot() -> Seen[RedemptionUpdate]:
            live = _readable(lambda: nodes.readable_redemption(context.renewed(), number))
            left = (
                (live.expires_at - live.now).total_seconds()
                if live.status == SessionStatus.OPEN
                else None
            )
            return Seen(redemptions.update(live), (live.status, live.expires_at), left)

        async for state in follow(redemption_topic(number), snapshot=snapshot):
            yield state

    @strawberry.subscription(
        description="A card: now, and after each change. For its customer and for managers."
    )
    async def card_changed(self, info: Info, card_id: CardId) -> AsyncIterator[Card]:
        """Follow one card."""
        number = _number(card_id, "Card")
        context = info.context

        def snapshot() -> Seen[Card]:
            card = _readable(lambda: nodes.card(context.renewed(), number))
            return Seen(card, card.version)

        async for card in follow(card_topic(number), snapshot=snapshot):
            yield card


def _number(identity: str, kind: str) -> int:
    try:
        return ids.number(identity, kind)
    except NotFound:
        raise _not_found() from None


def _readable(look: Callable[[], T]) -> T:
    try:
        return look()
    except NotFound:
        raise _not_found() from None


def _not_found() -> PublicError:
    return PublicError("NOT_FOUND", refusal_text(NotFound.code, {}))
